import type { Step } from '../../core/step.ts'
import { editorSchema } from '../../pipeline/config.ts'
import { code, fence, page, table } from './page.ts'

interface Property {
  readonly description?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly anyOf?: readonly Property[]
  readonly properties?: Readonly<Record<string, Property>>
}

/** The pipeline file. */
export function configPage(steps: readonly Step[]): string {
  const schema = editorSchema(steps) as { properties: Record<string, Property>; $defs: { stage: Property } }
  const stage = schema.$defs.stage.properties ?? {}
  return page('plimsoll.yaml', [
    'A pipeline is a file of stages; a stage is a list of [steps](steps.md). Editors complete and check it with this first line:',
    fence('yaml', '# yaml-language-server: $schema=./node_modules/plimsoll/plimsoll.schema.json'),
    fence('yaml', EXAMPLE),
    '## The file',
    propertyTable(schema.properties),
    '## A stage',
    propertyTable(stage),
    '## Services',
    propertyTable(stage['services']?.properties ?? {}),
    '## Variables',
    table(
      ['Written', 'Meaning'],
      [
        ['`${env.NAME}`', 'The environment variable; a mistake when it is not set'],
        ['`${env.NAME:-text}`', 'The environment variable, or the text when it is not set or empty'],
        ['`${secrets.NAME}`', 'The environment variable as a secret: masked in everything that is shown or stored'],
      ],
    ),
    'Find mistakes with `plimsoll config check`; each is told with its file, line and column.',
  ])
}

const EXAMPLE = `name: mortgage
env: { PYTHONHASHSEED: '0' }
stages:
  data-validation:
    steps:
      - validate-schema: { input: data/raw/latest.parquet, schema: schemas/input.json }
  unit-tests:
    needs: [data-validation]
    reads: [src/**, test/**]
    steps:
      - run: { command: npm test, junit: results/unit.xml }
  deploy-staging:
    needs: [unit-tests]
    if: branch == 'main'
    environment: staging
    timeout: 10m
    steps:
      - deploy: { environment: staging }`

function propertyTable(properties: Readonly<Record<string, Property>>): string {
  return table(
    ['Key', 'Kind', 'Meaning', 'Default'],
    Object.entries(properties)
      .filter(([name]) => name !== '$schema')
      .map(([name, property]) => [
        code(name),
        kindOf(property),
        (property.description ?? '').replaceAll(/\$\{[^}]*\}/g, code),
        defaultOf(property),
      ]),
  )
}

function kindOf({ type, enum: values, anyOf }: Property): string {
  if (values) return values.map((value) => code(String(value))).join(', ')
  if (anyOf) return [...new Set(anyOf.map(kindOf))].filter((kind) => kind !== 'nothing').join(' or ')
  return [type ?? []]
    .flat()
    .map((name) => KINDS[name] ?? '')
    .join(' or ')
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: '`true`, `false`',
  array: 'list',
  object: 'map',
  null: 'nothing',
}

function defaultOf({ default: value }: Property): string {
  if (value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)) return ''
  return code(typeof value === 'string' ? value : JSON.stringify(value))
}
