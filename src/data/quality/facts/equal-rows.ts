import { identifier, textOf } from '../../../drivers/duckdb.ts'
import type { DataSource, Duckdb } from '../../../drivers/duckdb.ts'
import type { LabelFacts, RowGroup } from '../facts.ts'
import { present, type QualityData } from './quality-data.ts'
import { findRepeatedHashes } from './repeated-hashes.ts'
import { SHOWN_ROWS, shownGroups } from './row-groups.ts'

export interface EqualRowOptions {
  readonly label: string | undefined
  /** Columns that do not count when rows are compared, such as a row id. */
  readonly ignore: readonly string[]
  /** More different labels than this are not classes. */
  readonly mostClasses: number
}

export interface EqualRowFacts {
  /** Rows that repeat an earlier row. */
  readonly duplicateRows: number
  readonly duplicates: readonly RowGroup[]
  /** Pairs of rows that are equal in every column, and in every column but the label. */
  readonly equalPairs: number
  readonly equalFeaturePairs: number
  readonly label: LabelFacts | null
}

/**
 * Finds equal rows, and equal features with different labels, in one scan; a second one, over suspicious rows alone, when some are
 * equal.
 */
export async function measureEqualRows({ duckdb, source }: QualityData, options: EqualRowOptions): Promise<EqualRowFacts> {
  const { label } = options
  const equal = await equalRows(duckdb, source, options)
  const classes = label === undefined ? [] : await countClasses(duckdb, source, label, options.mostClasses)
  await duckdb.run('DROP TABLE IF EXISTS suspects; DROP TABLE IF EXISTS equal_rows')
  return {
    duplicateRows: equal.duplicateRows,
    duplicates: equal.duplicates,
    equalPairs: equal.equalPairs,
    equalFeaturePairs: equal.equalFeaturePairs,
    label: label === undefined ? null : { column: label, classes, ...equal.labels, outvoted: equal.outvoted },
  }
}

/** The columns by which rows are compared. */
function compared(source: DataSource, { label, ignore }: EqualRowOptions): string[] {
  return source.columns.map(({ name }) => name).filter((name) => name !== label && !ignore.includes(name))
}

const hashOf = (features: readonly string[]): string => `hash(${features.map(identifier).join(', ')})`

function labelText(source: DataSource, label: string): string {
  const { type } = source.columns.find(({ name }) => name === label)!
  return textOf(present(identifier(label), type), type)
}

async function countClasses(
  duckdb: Duckdb,
  source: DataSource,
  label: string,
  most: number,
): Promise<{ label: string; rows: number }[]> {
  const { type } = source.columns.find(({ name }) => name === label)!
  return duckdb.query(
    `SELECT ${textOf('value', type)} AS label, rows
     FROM (SELECT ${present(identifier(label), type)} AS value, count(*) AS rows FROM ${source.sql} GROUP BY ALL)
     WHERE value IS NOT NULL ORDER BY rows DESC, label LIMIT ${most + 1}`,
  )
}

interface EqualRows {
  readonly duplicateRows: number
  readonly duplicates: RowGroup[]
  readonly equalPairs: number
  readonly equalFeaturePairs: number
  readonly labels: Pick<LabelFacts, 'conflictingRows' | 'conflicts'>
  /** Rows whose label is not the most frequent one of their features. */
  readonly outvoted: number
}

/** Rows with a hash that occurs once are equal to no other; the rest are compared value by value. */
async function equalRows(duckdb: Duckdb, source: DataSource, options: EqualRowOptions): Promise<EqualRows> {
  const features = compared(source, options)
  const found =
    features.length === 0
      ? undefined
      : await findRepeatedHashes(duckdb, { name: 'suspects', hash: hashOf(features), from: source.sql })
  if (found === undefined || found.repeated === 0) {
    const labels = { conflictingRows: 0, conflicts: [] }
    return { duplicateRows: 0, duplicates: [], equalPairs: 0, equalFeaturePairs: 0, labels, outvoted: 0 }
  }
  const label = options.label === undefined ? 'NULL::VARCHAR' : labelText(source, options.label)
  const keys = features.map((name, i) => `${identifier(name)} AS f${i}`)
  await duckdb.run(
    `CREATE TEMP TABLE equal_rows AS
     SELECT ${features.map((_name, i) => `f${i}`).join(', ')}, label, count(*) AS rows, min(place, ${SHOWN_ROWS}) AS places
     FROM (SELECT ${keys.join(', ')}, ${label} AS label, {'file': __file, 'row': __row} AS place
           FROM ${source.numberedSql} WHERE ${hashOf(features)} IN (SELECT h FROM suspects))
     GROUP BY ALL`,
  )
  const byFeatures = `SELECT sum(rows) AS rows, count(label) AS labels, sum(rows) FILTER (WHERE label IS NOT NULL) AS labelled,
      max(rows) FILTER (WHERE label IS NOT NULL) AS most,
      list_sort(flatten(list(places))) AS places FROM equal_rows GROUP BY ${features.map((_name, i) => `f${i}`).join(', ')}`
  const [totals] = await duckdb.query<{
    duplicates: number
    pairs: number
    feature_pairs: number
    conflicting: number
    outvoted: number
  }>(
    `SELECT (SELECT sum(rows - 1) FROM equal_rows)::BIGINT AS duplicates,
       (SELECT sum(rows * (rows - 1.0) / 2) FROM equal_rows)::DOUBLE AS pairs, sum(rows * (rows - 1.0) / 2)::DOUBLE AS feature_pairs,
       coalesce(sum(labelled) FILTER (WHERE labels > 1), 0)::BIGINT AS conflicting,
       coalesce(sum(labelled - most) FILTER (WHERE labels > 1), 0)::BIGINT AS outvoted
     FROM (${byFeatures})`,
  )
  return {
    duplicateRows: totals!.duplicates,
    equalPairs: totals!.pairs,
    equalFeaturePairs: totals!.feature_pairs,
    duplicates: await shownGroups(duckdb, source, 'SELECT rows, places FROM equal_rows WHERE rows > 1'),
    labels: {
      conflictingRows: totals!.conflicting,
      conflicts: await shownGroups(duckdb, source, `SELECT rows, places FROM (${byFeatures}) WHERE labels > 1`),
    },
    outvoted: totals!.outvoted,
  }
}
