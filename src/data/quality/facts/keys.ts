import { identifier } from '../../../drivers/duckdb.ts'
import type { RowGroup } from '../facts.ts'
import { identifierColumns, namedLikeKey, type IdentifierFacts } from './identifiers.ts'
import type { QualityData } from './quality-data.ts'
import { findRepeatedHashes } from './repeated-hashes.ts'
import { SHOWN_ROWS, shownGroups } from './row-groups.ts'

/** Guessed keys that are looked into, each by a scan of one column. */
const MOST_GUESSES = 4

export interface KeyFacts {
  readonly columns: readonly string[]
  /** Named by the user, or taken for a key because nearly every value is unique. */
  readonly given: boolean
  /** Rows with a value in every column of the key. */
  readonly present: number
  /** Rows whose key an earlier row has. */
  readonly repeated: number
  readonly groups: readonly RowGroup[]
}

/** Measures the key that was named, and columns that look like one: identifiers whose values are nearly, but not all, unique. */
export async function measureKeys(
  data: QualityData,
  identifiers: readonly IdentifierFacts[],
  options: { readonly key: readonly string[]; readonly label: string | undefined },
): Promise<KeyFacts[]> {
  const { key, label } = options
  const guesses = identifierColumns(identifiers)
    .filter((name) => name !== label && !(key.length === 1 && key[0] === name))
    .toSorted((a, b) => Number(namedLikeKey(b)) - Number(namedLikeKey(a)))
    .slice(0, MOST_GUESSES)
  const keys: KeyFacts[] = key.length === 0 ? [] : [{ ...(await measureKey(data, key)), given: true }]
  for (const name of guesses) keys.push({ ...(await measureKey(data, [name])), given: false })
  return keys
}

/** Keys with a hash that occurs once are unique; the rest are compared by value. */
async function measureKey(
  { duckdb, source, typed, columns }: QualityData,
  names: readonly string[],
): Promise<Omit<KeyFacts, 'given'>> {
  const values = names.map((name) => columns.find((column) => column.name === name)!.value)
  const hash = `hash(${values.join(', ')})`
  const known = values.map((value) => `${value} IS NOT NULL`).join(' AND ')
  const from = `${typed.sql} WHERE ${known}`
  const { rows: present, repeated } = await findRepeatedHashes(duckdb, { name: 'repeated_hashes', hash, from })
  if (repeated === 0) return { columns: names, present, repeated: 0, groups: [] }
  await duckdb.run(
    `CREATE OR REPLACE TEMP TABLE repeated_keys AS
     SELECT count(*) AS rows, min({'file': __file, 'row': __row}, ${SHOWN_ROWS}) AS places
     FROM ${typed.numberedSql} WHERE ${known} AND ${hash} IN (SELECT h FROM repeated_hashes) GROUP BY ${names.map(identifier).join(', ')} HAVING count(*) > 1`,
  )
  const [totals] = await duckdb.query<{ repeated: number }>(
    'SELECT coalesce(sum(rows - 1), 0)::BIGINT AS repeated FROM repeated_keys',
  )
  const groups = await shownGroups(duckdb, source, 'SELECT rows, places FROM repeated_keys')
  await duckdb.run('DROP TABLE repeated_keys; DROP TABLE repeated_hashes')
  return { columns: names, present, repeated: totals!.repeated, groups }
}
