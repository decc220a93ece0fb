import type { ColumnProfile } from '../core/column-profile.ts'
import { messageOf, UserError } from '../core/errors.ts'

/** What stands where a value of a sensitive column would. */
export const MASK = '***'

/** Whether the values that a rule on these columns shows are nobody's secret. A rule on the whole row shows all columns. */
export function mayShow(columns: readonly string[], sensitive: ReadonlySet<string>): boolean {
  if (sensitive.size === 0) return true
  return columns.length > 0 && columns.every((column) => column !== '' && !sensitive.has(column))
}

/** SQL of a value as JSON text, masked before it leaves DuckDB. That a value is missing is not masked. */
export function maskedJson(value: string): string {
  return `CASE WHEN ${value} IS NULL OR ${value} = 'null' THEN ${value} ELSE '"${MASK}"' END`
}

/**
 * SQL of a column of a file that is written, masked: text that is there becomes `***`, and whatever cannot hold this is null.
 *
 * @param value SQL of the value
 * @param type its DuckDB type, which it keeps
 */
export function maskedColumn(value: string, type: string): string {
  if (type === 'VARCHAR') return `CASE WHEN ${value} IS NOT NULL THEN '${MASK}' END`
  return type === 'JSON' ? `CAST(${maskedJson(`CAST(${value} AS VARCHAR)`)} AS JSON)` : `CAST(NULL AS ${type})`
}

/** A profile that tells no value of its column: how many rows, how many missing and how many different ones remain. */
export function maskedProfile(profile: ColumnProfile): ColumnProfile {
  const { name, type, kind, rows, missing, distinct, distinctIsEstimate } = profile
  return { name, type, kind, rows, missing, distinct, distinctIsEstimate, sensitive: true }
}

/**
 * An error about data as it may be shown when some column is sensitive. DuckDB and JSON.parse quote what they could not read, and a
 * frame shows the whole line; so the frame is left out and of the message only what is ours is kept: file, line and kind of trouble.
 */
export function maskedError(error: unknown, sensitive: ReadonlySet<string>): unknown {
  if (sensitive.size === 0) return error
  if (!(error instanceof UserError)) return maskedBug(error)
  const { code, hint, location, frame, message } = error
  if (error.cause === undefined && frame === undefined) return error
  // Errors without a cause are in our own words; those in another's words have it as their cause.
  const shown = error.cause === undefined ? message : ownWords(message)
  return new UserError(code, shown, { hint, location })
}

function ownWords(message: string): string {
  const placed = /^.*?:\d+(?::\d+)?: [^:]*/.exec(message) ?? /^.*? cannot be read/.exec(message)
  return `${placed?.[0] ?? 'The data cannot be read'} (what stands there is not shown: a column is sensitive)`
}

/** An error of ours that is a bug keeps its kind and its stack, without what it quotes. */
function maskedBug(error: unknown): unknown {
  if (!(error instanceof Error) || error.name === 'AbortError') return error
  const kind = /^[\w ]*Error/.exec(messageOf(error))?.[0] ?? error.name
  const masked = new Error(`${kind} (its message is not shown: a column is sensitive)`)
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  masked.stack = [`Error: ${masked.message}`, ...frames].join('\n')
  return masked
}

/** Does work on data whose errors must not quote it. */
export async function maskingErrors<T>(sensitive: ReadonlySet<string>, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw maskedError(error, sensitive)
  }
}
