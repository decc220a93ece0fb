import { z } from 'zod'
import { Duration } from '../core/duration.ts'
import type { Step } from '../core/step.ts'
import { inputJsonSchema, paramsJsonSchema } from './param-names.ts'

const Env = z
  .record(
    z.string().regex(/^[A-Za-z_]\w*$/, 'A variable is named with letters, digits and underscores'),
    z.union([z.string(), z.number(), z.boolean()]).transform(String),
  )
  .describe('Environment variables; values may hold ${env.NAME}, ${env.NAME:-default} and ${secrets.NAME}.')

const Service = z
  .strictObject({
    optional: z
      .boolean()
      .default(false)
      .describe('Go on without the service where it cannot be had; the report then says that it was skipped.'),
    via: z
      .enum(['url', 'local', 'docker', 'pglite'])
      .optional()
      .describe('Try only this way: a URL from the environment, a local server binary, Docker, or (postgres) PGlite.'),
  })
  .nullable()
  .transform((service) => service ?? { optional: false })

const Services = z
  .strictObject({
    postgres: Service.optional().describe('A PostgreSQL database for the stage; its URL is in DATABASE_URL.'),
    redis: Service.optional().describe('A Redis server for the stage; its URL is in REDIS_URL.'),
  })
  .describe('Servers that are there while the stage runs: from the environment, a local binary, Docker, or PGlite.')

const NAME = /^[A-Za-z0-9][\w-]*$/
export const isStageName = (name: string): boolean => NAME.test(name)

const Globs = z.array(z.string().min(1))

/** A stage as written in the file; its steps are read one by one, each with the parameters of its own. */
export const StageSchema = z.strictObject({
  needs: z.array(z.string()).default([]).describe('Stages that must have passed before this one starts.'),
  if: z
    .union([z.string(), z.boolean()])
    .transform(String)
    .optional()
    .describe(
      "A condition over branch, event, env.NAME and stages.NAME.verdict, for example: branch == 'main'. A stage that looks at the verdict of a stage it needs decides for itself whether a failure stops it.",
    ),
  environment: z.string().regex(NAME).optional().describe('The environment that the stage acts on.'),
  env: Env.default({}),
  services: Services.default({}),
  timeout: Duration.optional().describe('How long one attempt may take: 90s, 10m, 1h.'),
  retries: z
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe('Further attempts when the stage could not be measured (verdict error). A gate that said no is not asked again.'),
  cache: z.boolean().default(true).describe('false: run the stage every time.'),
  reads: Globs.optional().describe(
    'Globs of what shell commands of the stage read. Without it a stage with such commands is not cached.',
  ),
  writes: Globs.default([]).describe('Globs of what shell commands of the stage write.'),
  steps: z.array(z.unknown()).min(1, 'A stage has at least one step').describe('What the stage does, in order.'),
})

export const FileSchema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().min(1).optional().describe('The name of the pipeline; the name of the folder when not given.'),
  env: Env.default({}),
  stages: z
    .record(z.string(), z.unknown())
    .refine((stages) => Object.keys(stages).length > 0, 'A pipeline has at least one stage')
    .describe('The stages by name. They run in parallel as far as their needs allow.'),
})

/** The JSON Schema of the pipeline file, for editors: made from the same definitions that read the file. */
export function editorSchema(steps: readonly Step[]): Record<string, unknown> {
  const stage = inputJsonSchema(StageSchema)
  const file = inputJsonSchema(FileSchema)
  const stepProperties = Object.fromEntries(steps.map((step) => [step.name, { $ref: `#/$defs/step-${step.name}` }]))
  const definitions = Object.fromEntries(steps.map((step) => [`step-${step.name}`, stepSchema(step)]))
  Object.assign(stage.properties as object, {
    steps: { ...(stage.properties as Record<string, object>).steps, items: { $ref: '#/$defs/step' } },
  })
  Object.assign(file.properties as object, {
    stages: {
      description: FileSchema.shape.stages.description,
      type: 'object',
      minProperties: 1,
      propertyNames: { pattern: NAME.source },
      additionalProperties: { $ref: '#/$defs/stage' },
    },
  })
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'plimsoll.yaml',
    description: 'A Plimsoll pipeline.',
    ...file,
    $defs: {
      stage,
      step: {
        type: 'object',
        description: 'One step: its name, and its parameters.',
        properties: stepProperties,
        additionalProperties: false,
        minProperties: 1,
        maxProperties: 1,
      },
      ...definitions,
    },
  }
}

function stepSchema(step: Step): Record<string, unknown> {
  const params = paramsJsonSchema(step.params)
  const spellings: object[] = [params]
  if (step.argument !== undefined) spellings.push({ type: 'string', description: `The parameter ${step.argument} alone.` })
  if (!(params.required as string[] | undefined)?.length) spellings.push({ type: 'null' })
  return spellings.length === 1 ? { description: step.summary, ...params } : { description: step.summary, anyOf: spellings }
}
