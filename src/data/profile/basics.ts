import { textOf, type Duckdb, type TypedColumn, type TypedSource } from '../../drivers/duckdb.ts'
import { onScale, presentValue } from './scale.ts'

/** The ends of a number line on which a column's values lie. */
export interface Scale {
  readonly min: number
  readonly max: number
  /** All values are whole. */
  readonly whole: boolean
  readonly kind: 'number' | 'time'
}

/** What one fused pass says of a column. */
export interface Basics {
  readonly missing: number
  /** By HyperLogLog. */
  readonly estimatedDistinct: number
  /** For numbers and times with at least one finite value. */
  readonly scale: Scale | undefined
  readonly numbers:
    | { readonly mean: number; readonly standardDeviation: number; readonly zeros: number; readonly infinite: number }
    | undefined
  readonly lengths: { readonly min: number; readonly max: number; readonly mean: number } | undefined
  /** The first and last text in code point order, for columns of text. */
  readonly texts: readonly string[]
}

/** Sums of doubles depend on the order of rows in their last digits, and so on threads. */
export const steady = (value: number): number => Number(value.toPrecision(12))

const INTEGER = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/

type Answer = Record<string, number | string | null>

/** Rows, and for each column what aggregates can say, in one pass. */
export async function measureBasics(
  duckdb: Duckdb,
  { sql }: TypedSource,
  columns: readonly TypedColumn[],
): Promise<{ rows: number; basics: Basics[] }> {
  const values = columns.flatMap((column, i) => {
    const scale = onScale(column)
    return [`${presentValue(column)} AS v${i}`, ...(scale === undefined ? [] : [`${scale} AS x${i}`])]
  })
  const questions = columns.flatMap((column, i) => [
    `count(v${i}) AS present${i}`,
    `approx_count_distinct(v${i}) AS distinct${i}`,
    ...questionsOn(column, i),
  ])
  const [answer] = await duckdb.query<Answer>(
    `SELECT ${['count(*) AS row_count', ...questions].join(', ')} FROM (SELECT ${values.join(', ') || '1'} FROM ${sql})`,
  )
  const rows = Number(answer!['row_count'])
  return { rows, basics: columns.map((column, i) => readBasics(column, rows, (name) => answer![`${name}${i}`] ?? null)) }
}

function questionsOn({ kind, type }: TypedColumn, i: number): string[] {
  const ends = [`min(x${i}) AS least${i}`, `max(x${i}) AS most${i}`]
  if (kind === 'time') return ends
  if (kind === 'number') {
    const isWhole = INTEGER.test(type) ? 'TRUE' : `bool_and(x${i} = trunc(x${i}))`
    const spread = [`avg(x${i}) AS mean${i}`, `stddev_samp(x${i}) AS sd${i}`]
    return [...ends, ...spread, `${isWhole} AS whole${i}`, `count_if(x${i} = 0) AS zeros${i}`, `count(x${i}) AS finite${i}`]
  }
  if (kind !== 'text') return []
  const text = textOf(`v${i}`, type)
  return [
    `min(length(${text})) AS shortest${i}`,
    `max(length(${text})) AS longest${i}`,
    `avg(length(${text})) AS length${i}`,
    `left(min(${text}), 200) AS first${i}`,
    `left(max(${text}), 200) AS last${i}`,
  ]
}

function readBasics({ kind }: TypedColumn, rows: number, answer: (name: string) => unknown): Basics {
  const present = Number(answer('present'))
  const least = answer('least')
  const hasScale = (kind === 'number' || kind === 'time') && least !== null
  return {
    missing: rows - present,
    estimatedDistinct: Math.min(present, Number(answer('distinct') ?? 0)),
    scale: hasScale
      ? { min: Number(least), max: Number(answer('most')), whole: kind === 'time' || answer('whole') === true, kind }
      : undefined,
    numbers:
      kind === 'number' && hasScale
        ? {
            mean: steady(Number(answer('mean'))),
            standardDeviation: steady(Number(answer('sd') ?? 0)),
            zeros: Number(answer('zeros')),
            infinite: present - Number(answer('finite')),
          }
        : undefined,
    lengths:
      kind === 'text' && answer('shortest') !== null
        ? { min: Number(answer('shortest')), max: Number(answer('longest')), mean: steady(Number(answer('length'))) }
        : undefined,
    texts: [answer('first'), answer('last')].filter((text) => typeof text === 'string'),
  }
}
