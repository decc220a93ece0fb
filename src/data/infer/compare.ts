import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseDocument } from 'yaml'
import { UserError } from '../../core/errors.ts'
import type { OpenOptions } from '../../drivers/duckdb.ts'
import { statIfExists } from '../../drivers/files.ts'
import type { OnPass } from '../profile/measure.ts'
import { factsOfData, factsOfSchema } from './column-facts.ts'
import { ComparedSchema, demandsOf, demandsOfDraft, type Demands } from './demands.ts'
import { diffSchema, type ColumnFacts, type DataChange } from './diff.ts'
import type { GuessOptions } from './guess/context.ts'
import { inferSchema } from './infer.ts'
import { observeData } from './observe.ts'

/** A JSON file larger than this is data, not a schema. */
const LARGEST_SCHEMA = 4 << 20

export interface CompareOptions {
  readonly cwd: string
  /** Each is data, or a row schema: a .json, .yaml or .yml file with `properties`. */
  readonly old: string
  readonly now: string
  readonly guess: GuessOptions
  readonly signal?: AbortSignal | undefined
  readonly onPass?: OnPass | undefined
  /** How data is read. */
  readonly reading?: OpenOptions | undefined
}

export interface Side {
  readonly path: string
  readonly kind: 'data' | 'schema'
  /** Of data. */
  readonly rows?: number
}

export interface DataDiff {
  readonly schemaVersion: 1
  readonly old: Side
  readonly new: Side
  readonly changes: readonly DataChange[]
}

/**
 * What the schema of older data, or an older schema, would need changed to admit newer data. Of older data a schema is guessed as
 * `plimsoll data infer` does.
 *
 * @throws UserError as `observeData`, and E_FILE_FORMAT for a .yaml file that is no row schema
 */
export async function compareData(options: CompareOptions): Promise<DataDiff> {
  const older = await readOld(options)
  const newer = await readNew(options, older.demands)
  return { schemaVersion: 1, old: older.side, new: newer.side, changes: diffSchema(older.demands, newer.facts) }
}

async function readOld({ cwd, old, guess, signal, onPass, reading }: CompareOptions): Promise<{ side: Side; demands: Demands }> {
  const schema = await readSchemaIfOne(cwd, old)
  if (schema) return { side: { path: old, kind: 'schema' }, demands: schema }
  const observation = await observeData({ cwd, data: old, sensitive: guess.sensitive, signal, onPass, reading })
  const demands = demandsOfDraft(inferSchema(observation, guess))
  return { side: { path: observation.path, kind: 'data', rows: observation.rows }, demands }
}

async function readNew(
  { cwd, now, guess, signal, onPass, reading }: CompareOptions,
  old: Demands,
): Promise<{ side: Side; facts: readonly ColumnFacts[] }> {
  const schema = await readSchemaIfOne(cwd, now)
  if (schema) return { side: { path: now, kind: 'schema' }, facts: factsOfSchema(schema) }
  // A sensitive column may be gone from newer data.
  const observation = await observeData({ cwd, data: now, sensitive: [], signal, onPass, reading })
  const unknown = guess.sensitive.find((name) => !old.has(name) && !observation.columns.some((column) => column.name === name))
  if (unknown !== undefined) {
    throw new UserError('E_COLUMN_MISSING', `neither side has a column "${unknown}"`, { hint: 'It is named under --sensitive.' })
  }
  return { side: { path: observation.path, kind: 'data', rows: observation.rows }, facts: factsOfData(observation, guess) }
}

/** The demands of a file that is a row schema; undefined for one that is data. */
async function readSchemaIfOne(cwd: string, path: string): Promise<Demands | undefined> {
  if (!/\.(json|ya?ml)$/i.test(path)) return undefined
  const absolute = resolve(cwd, path)
  const found = await statIfExists(absolute)
  const isYaml = !/\.json$/i.test(path)
  if (!found?.isFile() || (found.size > LARGEST_SCHEMA && !isYaml)) return undefined
  const document = parseDocument(await readFile(absolute, 'utf8'), { prettyErrors: true })
  const parsed = ComparedSchema.safeParse(document.errors.length > 0 ? undefined : document.toJS())
  if (parsed.success) return demandsOf(parsed.data)
  if (!isYaml && !looksLikeSchema(document.errors.length > 0 ? undefined : document.toJS())) return undefined
  const [error] = document.errors
  const issue = parsed.error.issues[0]!
  const why = error?.message.split('\n')[0] ?? `${issue.path.join('/')}: ${issue.message}`
  throw new UserError('E_FILE_FORMAT', `${path} is no row schema: ${why}`, {
    hint: 'A row schema has the columns under "properties"; data is Parquet, CSV, TSV or JSON.',
    location: { file: path, ...(error?.linePos && { line: error.linePos[0].line, column: error.linePos[0].col }) },
  })
}

const looksLikeSchema = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && 'properties' in value
