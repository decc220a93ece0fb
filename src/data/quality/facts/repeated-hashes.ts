import type { Duckdb } from '../../../drivers/duckdb.ts'

/** Hashes that are grouped at once: a few hundred megabytes of groups at most. */
const AT_ONCE = 2_000_000
const MOST_PARTS = 64

/**
 * Makes a table `name` with the column `h`: the hashes that more than one row has. Rows whose hash is not in it are equal to no other.
 *
 * The hashes are kept, eight bytes a row, and grouped one part after the other, so that memory holds the groups of one part.
 *
 * @param hash SQL of a row's hash
 * @param from a table expression, and the rows of it that count
 * @returns rows that were hashed, and how many hashes are repeated
 */
export async function findRepeatedHashes(
  duckdb: Duckdb,
  { name, hash, from }: { readonly name: string; readonly hash: string; readonly from: string },
): Promise<{ rows: number; repeated: number }> {
  await duckdb.run(`CREATE OR REPLACE TEMP TABLE hashes AS SELECT ${hash} AS h FROM ${from}`)
  const [all] = await duckdb.query<{ rows: number }>('SELECT count(*) AS rows FROM hashes')
  const { rows } = all!
  const parts = Math.min(MOST_PARTS, Math.max(1, Math.ceil(rows / AT_ONCE)))
  await duckdb.run(`CREATE OR REPLACE TEMP TABLE ${name} (h UBIGINT)`)
  for (let part = 0; part < parts; part++) {
    await duckdb.run(`INSERT INTO ${name} SELECT h FROM hashes WHERE h % ${parts} = ${part} GROUP BY h HAVING count(*) > 1`)
  }
  await duckdb.run('DROP TABLE hashes')
  const [found] = await duckdb.query<{ n: number }>(`SELECT count(*) AS n FROM ${name}`)
  return { rows, repeated: found!.n }
}
