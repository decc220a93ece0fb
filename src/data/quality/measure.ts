import { identifier, openData, openDuckdb, placeRows, requireColumns, textOf } from '../../drivers/duckdb.ts'
import type { DataSource, Duckdb, OpenOptions } from '../../drivers/duckdb.ts'
import type { ColumnFacts, LabelFacts, QualityFacts, RowGroup } from './facts.ts'

/** Example groups of rows, and rows of a group, that are kept. */
const SHOWN_GROUPS = 5
const SHOWN_ROWS = 4

export interface MeasureOptions {
  readonly cwd: string
  readonly data: string
  readonly label?: string | undefined
  /** Columns that do not count when rows are compared, such as a row id. */
  readonly ignore: readonly string[]
  /** More different labels than this are not classes. */
  readonly mostClasses: number
  readonly signal?: AbortSignal | undefined
  /** How the data is read. */
  readonly reading?: OpenOptions | undefined
}

/**
 * Measures a data set in two scans, and a third over suspicious rows alone when some are equal.
 *
 * @throws UserError E_FILE_MISSING, E_FILE_FORMAT, E_COLUMN_MISSING
 */
export async function measureQuality(options: MeasureOptions): Promise<QualityFacts> {
  const { cwd, data, label, ignore, signal } = options
  const duckdb = await openDuckdb({ signal })
  try {
    const source = await openData(duckdb, cwd, data, { ...options.reading, signal })
    requireColumns(
      source.path,
      [...(label === undefined ? [] : [label]), ...ignore],
      source.columns.map(({ name }) => name),
    )
    return await source.reading(async () => {
      const { rows, columns } = await measureColumns(duckdb, source)
      await groupRows(duckdb, source, options)
      const equal = await equalRows(duckdb, source, options)
      const classes = label === undefined ? [] : await countClasses(duckdb, options.mostClasses)
      return {
        data: { path: source.path, digest: await source.digest() },
        rows,
        columns,
        duplicateRows: equal.duplicateRows,
        duplicates: equal.duplicates,
        label: label === undefined ? null : { column: label, classes, ...equal.labels, outvoted: equal.outvoted },
      }
    })
  } finally {
    duckdb.close()
  }
}

/** NaN is a missing value: most tools write it for one. */
function present(column: string, type: string): string {
  return type === 'FLOAT' || type === 'DOUBLE' ? `CASE WHEN NOT isnan(${column}) THEN ${column} END` : column
}

async function measureColumns(duckdb: Duckdb, source: DataSource): Promise<{ rows: number; columns: ColumnFacts[] }> {
  const select = source.columns.flatMap(({ name, type }, i) => {
    const value = present(identifier(name), type)
    // Maps have no order; their text has.
    const ordered = type.startsWith('MAP(') ? textOf(value, type) : value
    return [
      `count(${value}) AS present${i}`,
      `CASE WHEN min(${ordered}) = max(${ordered}) THEN left(${textOf(`min(${ordered})`, type.startsWith('MAP(') ? 'VARCHAR' : type)}, 80) END AS only${i}`,
    ]
  })
  const [row] = await duckdb.query(`SELECT ${['count(*) AS row_count', ...select].join(', ')} FROM ${source.sql}`)
  const rows = Number(row!['row_count'])
  const columns = source.columns.map(({ name, type }, i) => {
    const only = row![`only${i}`] as string | null
    return { name, type, missing: rows - Number(row![`present${i}`]), onlyValue: only }
  })
  return { rows, columns }
}

/** The columns by which rows are compared. */
function compared(source: DataSource, { label, ignore }: MeasureOptions): string[] {
  return source.columns.map(({ name }) => name).filter((name) => name !== label && !ignore.includes(name))
}

const hashOf = (features: readonly string[]): string =>
  features.length === 0 ? '0::UBIGINT' : `hash(${features.map(identifier).join(', ')})`

/** Makes the table `groups`: rows by the hash of their features, and label. */
async function groupRows(duckdb: Duckdb, source: DataSource, options: MeasureOptions): Promise<void> {
  const label = options.label === undefined ? 'NULL::VARCHAR' : labelText(source, options.label)
  await duckdb.run(
    `CREATE TEMP TABLE groups AS
     SELECT ${hashOf(compared(source, options))} AS features, ${label} AS label, count(*) AS rows FROM ${source.sql} GROUP BY ALL`,
  )
}

function labelText(source: DataSource, label: string): string {
  const { type } = source.columns.find(({ name }) => name === label)!
  return textOf(present(identifier(label), type), type)
}

async function countClasses(duckdb: Duckdb, most: number): Promise<{ label: string; rows: number }[]> {
  return duckdb.query(
    `SELECT label, sum(rows)::BIGINT AS rows FROM groups WHERE label IS NOT NULL
     GROUP BY label ORDER BY rows DESC, label LIMIT ${most + 1}`,
  )
}

interface EqualRows {
  readonly duplicateRows: number
  readonly duplicates: RowGroup[]
  readonly labels: Pick<LabelFacts, 'conflictingRows' | 'conflicts'>
  /** Rows whose label is not the most frequent one of their features. */
  readonly outvoted: number
}

/** Rows with a hash that occurs once are equal to no other; the rest are compared value by value. */
async function equalRows(duckdb: Duckdb, source: DataSource, options: MeasureOptions): Promise<EqualRows> {
  const features = compared(source, options)
  await duckdb.run('CREATE TEMP TABLE suspects AS SELECT features FROM groups GROUP BY features HAVING sum(rows) > 1')
  const [suspects] = await duckdb.query<{ n: number }>('SELECT count(*) AS n FROM suspects')
  if (suspects!.n === 0 || features.length === 0) {
    return { duplicateRows: 0, duplicates: [], labels: { conflictingRows: 0, conflicts: [] }, outvoted: 0 }
  }
  const label = options.label === undefined ? 'NULL::VARCHAR' : labelText(source, options.label)
  const keys = features.map((name, i) => `${identifier(name)} AS f${i}`)
  await duckdb.run(
    `CREATE TEMP TABLE equal_rows AS
     SELECT ${features.map((_name, i) => `f${i}`).join(', ')}, label, count(*) AS rows, min(place, ${SHOWN_ROWS}) AS places
     FROM (SELECT ${keys.join(', ')}, ${label} AS label, {'file': __file, 'row': __row} AS place
           FROM ${source.numberedSql} WHERE ${hashOf(features)} IN (SELECT features FROM suspects))
     GROUP BY ALL`,
  )
  const byFeatures = `SELECT sum(rows) AS rows, count(label) AS labels, sum(rows) FILTER (WHERE label IS NOT NULL) AS labelled,
      max(rows) FILTER (WHERE label IS NOT NULL) AS most,
      list_sort(flatten(list(places))) AS places FROM equal_rows GROUP BY ${features.map((_name, i) => `f${i}`).join(', ')}`
  const [totals] = await duckdb.query<{ duplicates: number; conflicting: number; outvoted: number }>(
    `SELECT (SELECT sum(rows - 1) FROM equal_rows)::BIGINT AS duplicates,
       coalesce(sum(labelled) FILTER (WHERE labels > 1), 0)::BIGINT AS conflicting,
       coalesce(sum(labelled - most) FILTER (WHERE labels > 1), 0)::BIGINT AS outvoted
     FROM (${byFeatures})`,
  )
  return {
    duplicateRows: totals!.duplicates,
    duplicates: await shownGroups(duckdb, source, 'SELECT rows, places FROM equal_rows WHERE rows > 1'),
    labels: {
      conflictingRows: totals!.conflicting,
      conflicts: await shownGroups(duckdb, source, `SELECT rows, places FROM (${byFeatures}) WHERE labels > 1`),
    },
    outvoted: totals!.outvoted,
  }
}

async function shownGroups(duckdb: Duckdb, source: DataSource, sql: string): Promise<RowGroup[]> {
  const found = await duckdb.query<{ rows: number; places: string }>(
    `SELECT rows::BIGINT AS rows, to_json(places[1:${SHOWN_ROWS}])::VARCHAR AS places FROM (${sql})
     ORDER BY rows DESC, places[1] LIMIT ${SHOWN_GROUPS}`,
  )
  const places = await placeRows(
    duckdb,
    source,
    found.flatMap((group) => JSON.parse(group.places) as { file: string; row: number }[]),
  )
  let at = 0
  return found.map((group) => {
    const size = (JSON.parse(group.places) as unknown[]).length
    at += size
    return { rows: group.rows, places: places.slice(at - size, at) }
  })
}
