import type { TypedValue } from '../typed-value.ts'

/** How values of a column are put in order, by SQL and, between files, here: both give the same order. */
export interface OrderKey {
  /** SQL of something that DuckDB orders as the values are ordered. */
  readonly comparable: (value: string) => string
  /** SQL of the text by which `compare` goes. */
  readonly text: (value: string) => string
  /** Below zero when the first comes before the second. */
  readonly compare: (a: string, b: string) => number
}

const same = (value: string): string => value
const asText = (value: string): string => `CAST(${value} AS VARCHAR)`

const byInteger = (a: string, b: string): number => {
  const [x, y] = [BigInt(a), BigInt(b)]
  return x < y ? -1 : x > y ? 1 : 0
}
/** As DuckDB orders text: by its bytes in UTF-8. */
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))
const byDouble = (a: string, b: string): number => numberOf(a) - numberOf(b) || 0
const numberOf = (text: string): number => (/inf/i.test(text) ? (text.startsWith('-') ? -Infinity : Infinity) : Number(text))

/** Numbers by size, times by time, true after false, and anything else by its text. */
export function orderKey({ type }: TypedValue): OrderKey {
  if (/^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/.test(type)) return { comparable: same, text: asText, compare: byInteger }
  // A decimal is always written with all digits of its scale, so without the point it is an integer of the same order.
  if (type.startsWith('DECIMAL(')) {
    return { comparable: same, text: (value) => `replace(${asText(value)}, '.', '')`, compare: byInteger }
  }
  if (type === 'FLOAT' || type === 'DOUBLE') return { comparable: same, text: asText, compare: byDouble }
  if (type === 'BOOLEAN') {
    return { comparable: same, text: (value) => `CAST(CAST(${value} AS INTEGER) AS VARCHAR)`, compare: byInteger }
  }
  if (/^(DATE|TIMESTAMP)/.test(type)) {
    const micros = type === 'TIMESTAMP_NS' ? 'epoch_ns' : 'epoch_us'
    const instant = type === 'DATE' ? (value: string) => `CAST(${value} AS TIMESTAMP)` : same
    return { comparable: same, text: (value) => asText(`${micros}(${instant(value)})`), compare: byInteger }
  }
  return { comparable: asText, text: asText, compare: byBytes }
}
