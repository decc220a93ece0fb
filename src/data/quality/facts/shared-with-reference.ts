import { placeRows, type RowPlace } from '../../../drivers/duckdb.ts'
import type { ColumnScan } from './columns.ts'
import { scanColumns } from './columns.ts'
import { identifierColumns, findIdentifiers, type IdentifierFacts } from './identifiers.ts'
import type { QualityColumn, QualityData } from './quality-data.ts'
import { countValues } from './value-counts.ts'

const SHOWN = 5

/** What the data has in common with a reference, such as the training data of a model that the data tests. */
export interface ReferenceFacts {
  readonly path: string
  readonly rows: number
  readonly shared: {
    readonly columns: readonly string[]
    /** Columns that were not compared because they identify a row. */
    readonly leftOut: readonly string[]
    /** Rows that the reference has too, and the first of them. */
    readonly rows: number
    readonly places: readonly RowPlace[]
    /** The share of the reference's own rows that equal another row of it: what is to be expected where values are coarse. */
    readonly expected: number
  }
  readonly keys: readonly {
    readonly columns: readonly string[]
    readonly given: boolean
    readonly present: number
    readonly rows: number
  }[]
  readonly times: readonly {
    readonly column: string
    readonly reference: { readonly earliest: string; readonly latest: string }
    readonly data: { readonly earliest: string; readonly latest: string }
  }[]
}

interface Options {
  readonly key: readonly string[]
  readonly ignore: readonly string[]
  readonly now: Date
  readonly path: string
}

/** Compares with a reference that is open on the same database. One scan of each for rows, and one for each key. */
export async function measureShared(
  data: QualityData,
  scans: readonly ColumnScan[],
  identifiers: readonly IdentifierFacts[],
  reference: QualityData,
  { key, ignore, now, path }: Options,
): Promise<ReferenceFacts> {
  const { rows, columns: referenceScans } = await scanColumns(reference, ignore, now)
  const referenceIdentifiers = findIdentifiers(reference, referenceScans, await countValues(reference, referenceScans))
  const both = commonColumns(data, reference)
  const names = both.map(({ mine }) => mine.name)
  // A key of the data that repeats in the reference is still a key.
  const found = [...identifiers, ...referenceIdentifiers]
  const leftOut = names.filter(
    (name) => ignore.includes(name) || key.includes(name) || found.some(({ column }) => column === name),
  )
  const compared = both.filter(({ mine }) => !leftOut.includes(mine.name))
  const guessed = identifierColumns(identifiers)
    .filter((name) => names.includes(name) && !(key.length === 1 && key[0] === name))
    .filter((name) => !found.some(({ column, kind }) => column === name && kind === 'row-number'))
  const keys = [
    ...(key.length > 0 && key.every((name) => names.includes(name)) ? [{ columns: key, given: true }] : []),
    ...guessed.map((name) => ({ columns: [name], given: false })),
  ]
  const sharedOfKeys: ReferenceFacts['keys'][number][] = []
  for (const one of keys) {
    const columns = both.filter(({ mine }) => one.columns.includes(mine.name))
    sharedOfKeys.push({ ...one, ...(await sharedKeys(data, reference, columns)) })
  }
  return {
    path,
    rows,
    shared: {
      columns: compared.map(({ mine }) => mine.name),
      leftOut,
      ...(await sharedRows(data, reference, compared)),
    },
    keys: sharedOfKeys,
    times: both.flatMap(({ mine, theirs }) => {
      const [here, there] = [timesOf(data, scans, mine), timesOf(reference, referenceScans, theirs)]
      return here && there ? [{ column: mine.name, data: here, reference: there }] : []
    }),
  }
}

function timesOf({ columns }: QualityData, scans: readonly ColumnScan[], column: QualityColumn) {
  return scans[columns.indexOf(column)]!.times?.others ?? null
}

interface CommonColumn {
  readonly mine: QualityColumn
  readonly theirs: QualityColumn
  /** The values as SQL of one type on both sides. */
  readonly here: string
  readonly there: string
}

/** Columns that both have, made comparable: a whole number in Parquet is a double in CSV. */
function commonColumns(data: QualityData, reference: QualityData): CommonColumn[] {
  return data.columns.flatMap((mine) => {
    const theirs = reference.columns.find(({ name }) => name === mine.name)
    if (!theirs) return []
    const isSame = mine.type === theirs.type
    const type = mine.kind !== theirs.kind ? null : mine.kind === 'number' ? 'DOUBLE' : mine.kind === 'time' ? 'TIMESTAMP' : null
    const comparable = (column: QualityColumn) => {
      if (isSame) return column.value
      return type === null ? column.asText : `CAST(${column.value} AS ${type})`
    }
    return [{ mine, theirs, here: comparable(mine), there: comparable(theirs) }]
  })
}

/** Two hashes of 64 bits in different order: equal by chance in none of any number of rows that a disk holds. */
function hashes(values: readonly string[]): string {
  return `hash(${values.join(', ')}) AS h1, hash(${values.toReversed().join(', ')}, 1) AS h2`
}

async function sharedRows(
  { duckdb, source, typed }: QualityData,
  reference: QualityData,
  columns: readonly CommonColumn[],
): Promise<{ rows: number; places: RowPlace[]; expected: number }> {
  if (columns.length === 0) return { rows: 0, places: [], expected: 0 }
  await duckdb.run(
    `CREATE OR REPLACE TEMP TABLE reference_rows AS SELECT h1, h2, count(*) AS rows
     FROM (SELECT ${hashes(columns.map(({ there }) => there))} FROM ${reference.typed.sql}) GROUP BY ALL`,
  )
  const [own] = await duckdb.query<{ expected: number | null }>(
    'SELECT sum(rows) FILTER (WHERE rows > 1) / sum(rows) AS expected FROM reference_rows',
  )
  const [found] = await duckdb.query<{ rows: number; places: string | null }>(
    `SELECT count(*) AS rows, to_json(min({'file': __file, 'row': __row}, ${SHOWN}))::VARCHAR AS places
     FROM (SELECT __file, __row, ${hashes(columns.map(({ here }) => here))} FROM ${typed.numberedSql}) AS data
     SEMI JOIN reference_rows USING (h1, h2)`,
  )
  await duckdb.run('DROP TABLE reference_rows')
  const places = JSON.parse(found!.places ?? '[]') as { file: string; row: number }[]
  return { rows: found!.rows, places: await placeRows(duckdb, source, places), expected: own!.expected ?? 0 }
}

async function sharedKeys(
  { duckdb, typed }: QualityData,
  reference: QualityData,
  columns: readonly CommonColumn[],
): Promise<{ present: number; rows: number }> {
  const known = columns.map(({ here }) => `${here} IS NOT NULL`).join(' AND ')
  const pairs = columns.map((_column, i) => `k${i}`).join(', ')
  const select = (values: readonly string[]) => values.map((value, i) => `${value} AS k${i}`).join(', ')
  const [row] = await duckdb.query<{ present: number; rows: number }>(
    `SELECT count(*) AS present, count(theirs.is_there) AS rows
     FROM (SELECT ${select(columns.map(({ here }) => here))} FROM ${typed.sql} WHERE ${known}) AS mine
     LEFT JOIN (SELECT DISTINCT ${select(columns.map(({ there }) => there))}, TRUE AS is_there FROM ${reference.typed.sql}) AS theirs
     USING (${pairs})`,
  )
  return row!
}
