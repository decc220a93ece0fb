import type { ColumnMetaData, SchemaElement, Statistics } from 'hyparquet'
import type { ColumnFooter } from './footer.ts'

type Bound = NonNullable<ColumnFooter['min']>

/** A statistic that cannot be: fewer than no nulls, a minimum above the maximum. The message says what is wrong. */
export class Contradiction extends Error {
  override readonly name = 'Contradiction'
}

/** Parsers for `parquetMetadata` that leave values as they are stored, so that nothing is lost before `columnStatistics` looks. */
export const RAW_PARSERS = {
  dateFromDays: (days: number) => days,
  timestampFromMilliseconds: (value: bigint) => value * 1000n,
  timestampFromMicroseconds: (value: bigint) => value,
  timestampFromNanoseconds: (value: bigint) => value,
  stringFromBytes: (bytes: Uint8Array) => bytes,
} as const

/**
 * What the chunks of one flat column, one of each row group, say together. Undefined where one of them says nothing of nulls.
 *
 * Bounds are only given when every chunk has them and they are exact: those of text may be cut short, and those of floating-point
 * numbers leave NaN out.
 *
 * @param type DuckDB's type of the column
 * @throws Contradiction
 */
export function columnStatistics(
  element: SchemaElement,
  type: string,
  chunks: readonly ColumnMetaData[],
): ColumnFooter | undefined {
  let rows = 0
  let nulls = 0
  let min: Bound | null = null
  let max: Bound | null = null
  let bounded = true
  for (const { num_values: values, statistics } of chunks) {
    const count = Number(values)
    const missing = statistics?.null_count ?? (element.repetition_type === 'REQUIRED' ? 0n : undefined)
    if (missing === undefined) return undefined
    if (missing < 0n || missing > values) throw new Contradiction(`it says that ${missing} of ${count} values are null`)
    rows += count
    nulls += Number(missing)
    if (missing === values) continue
    const low = safeBound(statistics?.min_value, statistics?.is_min_value_exact, type)
    const high = safeBound(statistics?.max_value, statistics?.is_max_value_exact, type)
    if (low === null || high === null) {
      bounded = false
      continue
    }
    if (isBelow(high, low)) throw new Contradiction('its smallest value is above its largest')
    if (min === null || isBelow(low, min)) min = low
    if (max === null || isBelow(max, high)) max = high
  }
  return { type, rows, nulls, ...(bounded ? { min: told(min, type), max: told(max, type) } : { min: null, max: null }) }
}

/** A bound as it compares, or null where it is not to be trusted. */
function safeBound(value: Statistics['min_value'], exact: boolean | undefined, type: string): Bound | null {
  if (value === undefined || exact === false) return null
  if (type === 'FLOAT' || type === 'DOUBLE') return null
  if (type === 'VARCHAR') return exact === true && value instanceof Uint8Array ? textOf(value) : null
  // Past 15 digits a decimal is not exact as a double.
  const digits = /^DECIMAL\((\d+)/.exec(type)
  if (digits && Number(digits[1]) > 15) return null
  return value instanceof Date || value instanceof Uint8Array ? null : value
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** Text is ordered by its bytes in UTF-8. */
function isBelow(a: Bound, b: Bound): boolean {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0
  return a < b
}

/** A bound as it is told: whole numbers as numbers where they fit, dates and times as text. */
function told(value: Bound | null, type: string): Bound | null {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (type === 'DATE') return isoTime(Number(value) * 86_400_000)?.slice(0, 10) ?? null
  if (type.startsWith('TIMESTAMP')) return timestampText(BigInt(value), type.endsWith('ZONE'))
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

function timestampText(micros: bigint, zoned: boolean): string | null {
  const seconds = (micros - (((micros % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1_000_000n
  const fraction = String(micros - seconds * 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '')
  const whole = isoTime(Number(seconds) * 1000)?.slice(0, 19)
  return whole === undefined ? null : `${whole}${fraction && `.${fraction}`}${zoned ? 'Z' : ''}`
}

/** ISO 8601, for years of four digits. */
function isoTime(milliseconds: number): string | undefined {
  const date = new Date(milliseconds)
  return date.getUTCFullYear() >= 0 && date.getUTCFullYear() <= 9999 ? date.toISOString() : undefined
}
