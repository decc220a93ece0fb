import { UserError } from '../../core/errors.ts'
import { identifier, literal, type Duckdb } from './connection.ts'
import type { DataFile } from './data-file.ts'

/** What Hive and Spark write for a value that is missing. */
const MISSING = '__HIVE_DEFAULT_PARTITION__'

/** Columns that folders named `key=value` add to the files in them, the same for all files of a data set. */
export interface Partitions {
  readonly keys: readonly string[]
  /** For each file, its values in the order of `keys`; escapes such as `%20` are decoded, and null is a missing value. */
  readonly values: readonly (readonly (string | null)[])[]
}

/**
 * @throws UserError E_FILE_FORMAT when some files have other keys than the rest, or one path has a key twice
 */
export function partitionsOf(files: readonly DataFile[]): Partitions {
  const pairs = files.map((file) => pairsOf(file))
  const [first] = pairs
  const keys = [...(first?.keys() ?? [])]
  for (const [i, found] of pairs.entries()) {
    if (found.size === keys.length && keys.every((key) => found.has(key))) continue
    const { name } = files[i]!
    throw new UserError(
      'E_FILE_FORMAT',
      `${name} has ${keyList([...found.keys()])}, but ${files[0]!.name} has ${keyList(keys)}`,
      { hint: 'Folders named key=value are columns; all files need the same ones.', location: { file: name } },
    )
  }
  return { keys, values: pairs.map((found) => keys.map((key) => found.get(key) ?? null)) }
}

function keyList(keys: readonly string[]): string {
  if (keys.length === 0) return 'no folders named key=value'
  return `the partition ${keys.length === 1 ? 'key' : 'keys'} ${keys.map((key) => JSON.stringify(key)).join(', ')}`
}

function pairsOf({ name }: DataFile): Map<string, string | null> {
  const pairs = new Map<string, string | null>()
  const seen = new Set<string>()
  for (const folder of foldersOf(name)) {
    const pair = /^([^=]+)=([^=]+)$/.exec(folder)
    if (!pair) continue
    const key = decoded(pair[1]!)
    if (seen.has(key.toLowerCase())) {
      throw new UserError('E_FILE_FORMAT', `${name} has two folders for the partition key "${key}"`, {
        hint: 'Folders named key=value are columns; each key may stand once in a path.',
        location: { file: name },
      })
    }
    seen.add(key.toLowerCase())
    pairs.set(key, pair[2] === MISSING ? null : decoded(pair[2]!))
  }
  return pairs
}

/** The folders of a path or an address, from the outermost. */
export const foldersOf = (name: string): string[] =>
  name
    .replace(/^[a-z0-9]+:\/\/[^/]*/i, '')
    .split(/[\\/]/)
    .slice(0, -1)

/** Hive escapes bytes of UTF-8; what is no escape stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * @param columns of the files themselves
 * @throws UserError E_FILE_FORMAT when a key is also a column: which of the two values counts cannot be told
 */
export function requireNoClash(files: readonly DataFile[], { keys }: Partitions, columns: readonly string[]): void {
  const own = new Map(columns.map((name) => [name.toLowerCase(), name]))
  const clash = keys.find((key) => own.has(key.toLowerCase()))
  if (clash === undefined) return
  const { name } = files[0]!
  throw new UserError(
    'E_FILE_FORMAT',
    `${name} has a column "${own.get(clash.toLowerCase())}", and stands in a folder "${clash}=…", which is a column too`,
    { hint: 'Rename the folder or the column, so that it is clear which value counts.', location: { file: name } },
  )
}

/** Types to try, and how such a value is written. */
const TYPES = [
  ['DATE', String.raw`\d{4}-\d{2}-\d{2}`],
  ['TIMESTAMP', String.raw`\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?`],
  ['BIGINT', String.raw`-?\d+`],
] as const

/** The type that all values of a key read as: a date, a time, a whole number, or text. A key that is always missing is text. */
export async function partitionTypes(duckdb: Duckdb, { keys, values }: Partitions): Promise<string[]> {
  const types: string[] = []
  for (const i of keys.keys()) {
    const present = [...new Set(values.map((row) => row[i]!))].filter((value) => value !== null)
    types.push(present.length === 0 ? 'VARCHAR' : await commonType(duckdb, present))
  }
  return types
}

async function commonType(duckdb: Duckdb, values: readonly string[]): Promise<string> {
  const questions = TYPES.map(
    ([type, pattern]) =>
      `bool_and(regexp_full_match(v, '${pattern}') AND TRY_CAST(v AS ${type}) IS NOT NULL) AS ${identifier(type)}`,
  )
  const [answers] = await duckdb.query<Record<string, boolean>>(
    `SELECT ${questions.join(', ')} FROM (VALUES ${values.map((value) => `(${literal(value)})`).join(', ')}) AS t(v)`,
  )
  return TYPES.find(([type]) => answers![type])?.[0] ?? 'VARCHAR'
}
