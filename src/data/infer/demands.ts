import { z } from 'zod'
import { schemaOf, type SchemaDraft } from './draft.ts'

/** What a row schema says of a column, as far as two data sets are compared by it. */
export interface ColumnDemands {
  readonly types: ReadonlySet<string> | undefined
  readonly values: readonly unknown[] | undefined
  readonly minimum: number | undefined
  readonly maximum: number | undefined
  readonly format: string | undefined
  readonly pattern: string | undefined
  readonly required: boolean
  readonly unique: boolean
  /** The largest share that may be missing; undefined where nothing is said. */
  readonly missing: number | undefined
  /** Keywords that some rows may break. */
  readonly allowed: ReadonlySet<string>
  readonly mean: { readonly min?: number | undefined; readonly max?: number | undefined } | undefined
}

/** By column, in the schema's order. */
export type Demands = ReadonlyMap<string, ColumnDemands>

const Range = z.object({ min: z.number().optional(), max: z.number().optional() })
const Column = z.object({
  type: z.union([z.string().transform((type) => [type]), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  minimum: z.number().optional().catch(undefined),
  maximum: z.number().optional().catch(undefined),
  exclusiveMinimum: z.number().optional().catch(undefined),
  exclusiveMaximum: z.number().optional().catch(undefined),
  format: z.string().optional().catch(undefined),
  pattern: z.string().optional().catch(undefined),
  'x-plimsoll': z
    .object({
      unique: z
        .union([z.boolean(), z.object({}).transform(() => true)])
        .optional()
        .catch(undefined),
      mostly: z.number().optional().catch(undefined),
      rules: z.record(z.string(), z.unknown()).optional().catch(undefined),
      missing: Range.optional().catch(undefined),
      mean: Range.optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
})
/** A row schema as far as it is looked at here; validate-schema is what says whether a schema is right. */
export const ComparedSchema = z.object({
  properties: z.record(z.string(), z.union([z.boolean().transform(() => ({})), Column])),
  required: z.array(z.string()).default([]),
})

/** The demands of a parsed row schema. */
export function demandsOf({ properties, required }: z.output<typeof ComparedSchema>): Demands {
  return new Map(
    Object.entries(properties).map(([name, schema]) => {
      const column = schema as Partial<z.output<typeof Column>>
      const rules = column['x-plimsoll']
      const values = column.enum ?? (column.const === undefined ? undefined : [column.const])
      return [
        name,
        {
          types: column.type && new Set(column.type),
          values,
          minimum: column.minimum ?? column.exclusiveMinimum,
          maximum: column.maximum ?? column.exclusiveMaximum,
          format: column.format,
          pattern: column.pattern,
          required: required.includes(name),
          unique: rules?.unique ?? false,
          missing: rules?.missing?.max,
          mean: rules?.mean,
          allowed: new Set(
            rules?.mostly === undefined ? allowedBy(rules?.rules) : ['type', 'enum', 'minimum', 'maximum', 'format'],
          ),
        },
      ]
    }),
  )
}

const allowedBy = (rules: Readonly<Record<string, unknown>> = {}): string[] =>
  Object.entries(rules).flatMap(([keyword, rule]) => (Object.hasOwn(Object(rule), 'mostly') ? [keyword] : []))

export const demandsOfDraft = (draft: SchemaDraft): Demands => demandsOf(ComparedSchema.parse(schemaOf(draft)))
