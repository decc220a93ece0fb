import { textOf } from '../../../drivers/duckdb.ts'
import type { ColumnScan } from './columns.ts'
import { sqlNumber } from './outliers.ts'
import { batches, type QualityColumn, type QualityData } from './quality-data.ts'
import type { CountedColumn } from './value-counts.ts'

/** A number column with more different values is cut into ranges; text with more values is not judged: it is nearly an identifier. */
const MOST_NUMBERS = 50
const MOST_TEXTS = 1000
/** Fewer rows than this per value, on average, and a value's label is known from its own rows. */
const FEWEST_ROWS_PER_VALUE = 5
/** Columns that are counted in one scan. */
const WIDTH = 16

/** How well one feature alone tells the label. */
export interface LabelSignal {
  readonly column: string
  /**
   * The share of errors of the best constant guess that the feature removes (Goodman and Kruskal's lambda, 1954), out of sample; for
   * a label of numbers, the squared correlation.
   */
  readonly score: number
  readonly measure: 'lambda' | 'r2'
  /** Out-of-sample accuracy, and rows; for `lambda`. */
  readonly accuracy?: number
  readonly rows: number
}

export interface LabelSignals {
  readonly signals: readonly LabelSignal[]
  /** Features that were not judged: nearly unique text, nested values. */
  readonly notJudged: readonly string[]
  /** Rows that are not of the most frequent class; null for a label of numbers. */
  readonly minority: number | null
}

interface Options {
  readonly label: string
  readonly ignore: readonly string[]
  readonly mostClasses: number
}

/**
 * Measures each feature alone against the label. For classes: rows are dealt into two halves; the most frequent label of each value
 * (or range) in one half predicts the other half. A value that only one half has gets the most frequent label of all, so a column
 * of unique values predicts nothing.
 */
export async function measureLabelSignals(
  data: QualityData,
  scans: readonly ColumnScan[],
  counted: ReadonlyMap<number, CountedColumn>,
  options: Options,
): Promise<LabelSignals> {
  const { columns } = data
  const at = columns.findIndex(({ name }) => name === options.label)
  const label = columns[at]!
  const features = columns.flatMap(({ name }, i) => (i !== at && !options.ignore.includes(name) ? [i] : []))
  const distinct = counted.get(at)?.distinct ?? scans[at]!.distinct
  if (distinct > options.mostClasses) {
    const numbers = label.kind === 'number' ? features.filter((i) => columns[i]!.kind === 'number') : []
    return {
      signals: await correlations(data, label, numbers),
      notJudged: features.filter((i) => !numbers.includes(i)).map((i) => columns[i]!.name),
      minority: null,
    }
  }
  const bins = new Map(
    features.flatMap((i) => {
      const bin = binOf(columns[i]!, scans[i]!, counted.get(i))
      return bin === undefined ? [] : [[i, bin] as const]
    }),
  )
  const signals: LabelSignal[] = []
  for (const batch of batches([...bins.keys()], WIDTH)) signals.push(...(await lambdas(data, label, batch, bins)))
  const majority = counted.get(at)?.top[0]?.rows ?? scans[at]!.present
  return {
    signals: signals.toSorted((a, b) => b.score - a.score),
    notJudged: features.filter((i) => !bins.has(i)).map((i) => columns[i]!.name),
    minority: scans[at]!.present - majority,
  }
}

/** SQL of the value or range that rows are grouped by; undefined where that says nothing. */
function binOf({ kind, value }: QualityColumn, scan: ColumnScan, counted: CountedColumn | undefined): string | undefined {
  const distinct = counted?.distinct ?? scan.distinct
  if (kind === 'nested' || kind === 'binary' || distinct < 1) return undefined
  if (kind === 'number' && distinct > MOST_NUMBERS) {
    const edges = [...new Set(scan.numbers!.quantiles)].filter((edge) => Number.isFinite(edge))
    return `CASE WHEN ${value} IS NOT NULL THEN ${rangeSql(`CAST(${value} AS DOUBLE)`, edges)} END`
  }
  const isFine = distinct <= MOST_TEXTS && scan.present / distinct >= FEWEST_ROWS_PER_VALUE
  return isFine || distinct <= 2 ? value : undefined
}

/** SQL of how many of the ascending edges a number is above, by halving: five comparisons for each row and not one for each edge. */
function rangeSql(number: string, edges: readonly number[], below = 0): string {
  if (edges.length === 0) return String(below)
  const middle = edges.length >> 1
  // Above an edge, and not at it: zero is often a class of its own, and the end of a range of many equal values.
  return `CASE WHEN ${number} > ${sqlNumber(edges[middle]!)} THEN ${rangeSql(number, edges.slice(middle + 1), below + middle + 1)}
    ELSE ${rangeSql(number, edges.slice(0, middle), below)} END`
}

async function lambdas(
  { duckdb, typed, columns }: QualityData,
  label: QualityColumn,
  batch: readonly number[],
  bins: ReadonlyMap<number, string>,
): Promise<LabelSignal[]> {
  const items = batch.map((i, at) => `${bins.get(i)!} AS b${at}`)
  const sets = batch.map((_i, at) => `(b${at}, label, fold)`)
  const which = batch.map((i, at) => `WHEN GROUPING(b${at}) = 0 THEN ${i}`)
  const hashes = batch.map((_i, at) => `WHEN GROUPING(b${at}) = 0 THEN hash(b${at})`)
  await duckdb.run(
    `CREATE OR REPLACE TEMP TABLE signal AS
     SELECT CASE ${which.join(' ')} END AS i, CASE ${hashes.join(' ')} END AS bin, ${textOf('label', label.type)} AS label, fold, count(*) AS rows
     FROM (SELECT ${items.join(', ')}, ${label.value} AS label, hash(__row) % 2 AS fold FROM ${typed.numberedSql})
     WHERE label IS NOT NULL GROUP BY GROUPING SETS (${sets.join(', ')})`,
  )
  const found = await duckdb.query<{ i: number; rows: number; correct: number; base: number }>(
    `WITH
       choice AS (SELECT i, bin, fold, arg_max(label, {'rows': rows, 'label': label}) AS label FROM signal GROUP BY ALL),
       total AS (SELECT i, fold, label, sum(rows) AS rows FROM signal GROUP BY ALL),
       fallback AS (SELECT i, fold, arg_max(label, {'rows': rows, 'label': label}) AS label FROM total GROUP BY ALL),
       judged AS (SELECT signal.i, signal.label, signal.rows, coalesce(choice.label, fallback.label) AS guess, fallback.label AS constant
         FROM signal LEFT JOIN choice ON choice.i = signal.i AND choice.bin = signal.bin AND choice.fold <> signal.fold
         LEFT JOIN fallback ON fallback.i = signal.i AND fallback.fold <> signal.fold)
     SELECT i, sum(rows)::BIGINT AS rows, coalesce(sum(rows) FILTER (WHERE label = guess), 0)::BIGINT AS correct,
       coalesce(sum(rows) FILTER (WHERE label = constant), 0)::BIGINT AS base FROM judged GROUP BY i`,
  )
  return found.map(({ i, rows, correct, base }) => ({
    column: columns[i]!.name,
    score: base === rows ? 0 : Math.max(0, (correct - base) / (rows - base)),
    measure: 'lambda',
    accuracy: correct / rows,
    rows,
  }))
}

async function correlations(
  { duckdb, typed, columns }: QualityData,
  label: QualityColumn,
  features: readonly number[],
): Promise<LabelSignal[]> {
  if (features.length === 0) return []
  const finite = (value: string) => `CASE WHEN isfinite(CAST(${value} AS DOUBLE)) THEN CAST(${value} AS DOUBLE) END`
  const pairs = features.map((i, at) => {
    const [x, y] = [finite(columns[i]!.value), finite(label.value)]
    return `corr(${x}, ${y}) AS r${at}, regr_count(${x}, ${y}) AS n${at}`
  })
  const [row] = await duckdb.query<Record<string, number | null>>(`SELECT ${pairs.join(', ')} FROM ${typed.sql}`)
  return features
    .map((i, at) => ({
      column: columns[i]!.name,
      score: (row![`r${at}`] ?? 0) ** 2,
      measure: 'r2' as const,
      rows: Number(row![`n${at}`]),
    }))
    .map((signal) => (Number.isFinite(signal.score) ? signal : { ...signal, score: 0 }))
    .toSorted((a, b) => b.score - a.score)
}
