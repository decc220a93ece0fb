import type { ColumnScan } from './columns.ts'
import type { QualityData } from './quality-data.ts'
import { textOf } from '../../../drivers/duckdb.ts'

/** Bits of a whole number in SQL; columns beyond the most often missing ones are left out. */
const MOST_COLUMNS = 60
const SHOWN = 5
/** Of a label with more classes, the most frequent ones. */
const MOST_CLASSES = 51

/** How missing values go together. */
export interface MissingPatterns {
  /** The most frequent sets of columns that rows lack, most frequent first. */
  readonly patterns: readonly { readonly columns: readonly string[]; readonly rows: number }[]
  /** Columns that are missing in exactly the same rows. */
  readonly together: readonly { readonly columns: readonly string[]; readonly rows: number }[]
  /** By column: the labels of the rows that lack it, and of those that have it. */
  readonly byLabel: readonly MissingByLabel[]
  /** Columns with missing values that were left out because there are more than sixty. */
  readonly leftOut: number
}

export interface MissingByLabel {
  readonly column: string
  readonly classes: readonly { readonly label: string; readonly missing: number; readonly present: number }[]
}

/** Null when no column lacks some of its values. One scan of the columns that do. */
export async function measureMissingPatterns(
  data: QualityData,
  rows: number,
  scans: readonly ColumnScan[],
  label: string | undefined,
): Promise<MissingPatterns | null> {
  const { duckdb, typed, columns } = data
  const lacking = columns
    .flatMap(({ name }, i) => (name !== label && scans[i]!.present < rows && scans[i]!.present > 0 ? [i] : []))
    .toSorted((a, b) => scans[a]!.present - scans[b]!.present)
  if (lacking.length === 0) return null
  const some = lacking.slice(0, MOST_COLUMNS)
  const bits = some.map((i, bit) => `CASE WHEN ${columns[i]!.value} IS NULL THEN ${2n ** BigInt(bit)} ELSE 0 END::BIGINT`)
  await duckdb.run(
    `CREATE OR REPLACE TEMP TABLE lacking AS SELECT ${bits.join(' + ')} AS bits, ${labelClass(data, scans, label)} AS label, count(*) AS rows
     FROM ${typed.sql} GROUP BY ALL`,
  )
  const names = some.map((i) => columns[i]!.name)
  return {
    patterns: await patterns(duckdb, names),
    together: await together(
      duckdb,
      names,
      some.map((i) => rows - scans[i]!.present),
    ),
    byLabel: label === undefined ? [] : await byLabel(duckdb, names),
    leftOut: lacking.length - some.length,
  }
}

/** The label as text where it has classes, or null. */
function labelClass({ columns }: QualityData, scans: readonly ColumnScan[], label: string | undefined): string {
  const i = columns.findIndex(({ name }) => name === label)
  if (i < 0 || scans[i]!.distinct > MOST_CLASSES) return 'NULL::VARCHAR'
  return textOf(columns[i]!.value, columns[i]!.type)
}

type Duckdb = QualityData['duckdb']

async function patterns(duckdb: Duckdb, names: readonly string[]): Promise<MissingPatterns['patterns']> {
  const found = await duckdb.query<{ bits: number | string; rows: number }>(
    `SELECT bits, sum(rows)::BIGINT AS rows FROM lacking WHERE bits > 0 GROUP BY bits ORDER BY rows DESC, bits LIMIT ${SHOWN}`,
  )
  return found.map(({ bits, rows }) => ({
    rows,
    columns: names.filter((_name, bit) => ((BigInt(bits) >> BigInt(bit)) & 1n) === 1n),
  }))
}

/** Columns with equally many missing values are compared in pairs; equal sets of rows are one group. */
async function together(
  duckdb: Duckdb,
  names: readonly string[],
  missing: readonly number[],
): Promise<MissingPatterns['together']> {
  const pairs = names.flatMap((_name, a) =>
    names.flatMap((_other, b) => (a < b && missing[a] === missing[b] ? [[a, b] as const] : [])),
  )
  if (pairs.length === 0) return []
  const both = pairs.map(([a, b], at) => {
    const mask = (2n ** BigInt(a) + 2n ** BigInt(b)).toString()
    return `coalesce(sum(rows) FILTER (WHERE bits & ${mask} = ${mask}), 0)::BIGINT AS p${at}`
  })
  const [row] = await duckdb.query(`SELECT ${both.join(', ')} FROM lacking`)
  const groupOf = new Map<number, number>()
  for (const [at, [a, b]] of pairs.entries()) {
    if (Number(row![`p${at}`]) === missing[a]) groupOf.set(b, groupOf.get(b) ?? groupOf.get(a) ?? a)
  }
  const firsts = [...new Set(groupOf.values())]
  return firsts.map((first) => ({
    rows: missing[first]!,
    columns: names.filter((_name, i) => i === first || groupOf.get(i) === first),
  }))
}

async function byLabel(duckdb: Duckdb, names: readonly string[]): Promise<MissingByLabel[]> {
  const counts = names.map(
    (_name, bit) => `coalesce(sum(rows) FILTER (WHERE bits & ${2n ** BigInt(bit)} <> 0), 0)::BIGINT AS m${bit}`,
  )
  const classes = await duckdb.query<Record<string, number | string>>(
    `SELECT label, sum(rows)::BIGINT AS rows, ${counts.join(', ')} FROM lacking WHERE label IS NOT NULL GROUP BY label ORDER BY rows DESC, label`,
  )
  if (classes.length < 2 || classes.length > MOST_CLASSES) return []
  return names.map((column, bit) => ({
    column,
    classes: classes.map((row) => {
      const missing = Number(row[`m${bit}`])
      return { label: String(row['label']).replace(/^(-?\d+)\.0$/, '$1'), missing, present: Number(row['rows']) - missing }
    }),
  }))
}
