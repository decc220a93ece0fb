import { afterAll, beforeAll, expect, test } from 'vitest'
import { identifier, openDuckdb, type Duckdb } from '../../drivers/duckdb.ts'
import { PredicateMistake, readPredicate, requireBoolean } from './predicate-sql.ts'

let duckdb: Duckdb
beforeAll(async () => (duckdb = await openDuckdb()))
afterAll(() => duckdb.close())

const TYPES: Record<string, string> = {
  loan: 'DOUBLE',
  income: 'BIGINT',
  'Co "l': 'VARCHAR',
  opened: 'TIMESTAMP',
  place: 'STRUCT(zip VARCHAR)',
  flag: 'BOOLEAN',
}

async function mistakeOf(sql: string): Promise<PredicateMistake> {
  try {
    const predicate = await readPredicate(duckdb, sql, Object.keys(TYPES))
    await requireBoolean(duckdb, predicate, (column) => TYPES[column]!)
  } catch (error) {
    if (error instanceof PredicateMistake) return error
    throw error
  }
  throw new Error('the predicate was accepted')
}

/** What a predicate says of one row. */
async function answer(sql: string, row: Record<string, string>): Promise<unknown> {
  const predicate = await readPredicate(duckdb, sql, Object.keys(TYPES))
  await requireBoolean(duckdb, predicate, (column) => TYPES[column]!)
  const items = Object.keys(TYPES).map((name) => `CAST(${row[name] ?? 'NULL'} AS ${TYPES[name]}) AS ${identifier(name)}`)
  const [found] = await duckdb.query<{ answer: unknown }>(
    `SELECT ${predicate.sql(identifier)} AS answer FROM (SELECT ${items.join(', ')})`,
  )
  return found!.answer
}

test.each([
  ['loan <= income', { loan: '1', income: '2' }, true],
  ['LOAN <= 5 * income', { loan: '11', income: '2' }, false],
  ['loan <= income', { loan: '1' }, null],
  ['"Co ""l" LIKE \'a%\' AND NOT flag', { 'Co "l': "'ab'", flag: 'false' }, true],
  ['income = 9007199254740993', { income: '9007199254740993' }, true],
  ['income = 9007199254740993', { income: '9007199254740992' }, false],
  ['income::HUGEINT < 170141183460469231731687303715884105727', { income: '1' }, true],
  ['"Co ""l" = \'1234567890123456789\' OR loan < 0.12345678901234567890', { loan: '0.1234567890123457' }, null],
  ["opened >= DATE '2020-01-01' + INTERVAL 3 DAY", { opened: "'2020-01-04'" }, true],
  ["date_diff('day', opened, TIMESTAMP '2020-01-05') BETWEEN 0 AND 1", { opened: "'2020-01-04'" }, true],
  ["place.zip IN ('3000', '8000')", { place: "{'zip': '3000'}" }, true],
  ['CASE WHEN flag THEN loan > 1 ELSE loan > 2 END', { flag: 'true', loan: '1.5' }, true],
  ['coalesce(loan, 0) >= 0 -- a comment', {}, true],
  ['length("Co ""l") = 4 AND \'é\' <> \'e\'', { 'Co "l': "'aéio'" }, true],
  ['flag', { flag: 'true' }, true],
  ['regexp_full_match("Co ""l", \'[a-z]+\')', { 'Co "l': "'abc'" }, true],
])('%s', async (sql, row, expected) => {
  expect(await answer(sql, row)).toBe(expected)
})

test.each([
  ['loan <= (SELECT max(loan) FROM t)', 'a subquery looks at other rows', 8],
  ['loan IN (SELECT 1)', 'a subquery looks at other rows', 5],
  ['EXISTS (SELECT 1) AND flag', 'a subquery looks at other rows', 0],
  ['loan <= avg(loan)', 'avg() is an aggregate, which looks at other rows', 8],
  ['sum(loan) OVER () > 1', 'a window function looks at other rows', 0],
  ['row_number() OVER () > 1', 'a window function looks at other rows', 0],
  ['read_text(\'/etc/passwd\') = "Co ""l"', 'read_text() makes a table, and may read files', 0],
  ['getenv(\'HOME\') = "Co ""l"', 'getenv() is not a function', 0],
  ['current_setting(\'threads\') = "Co ""l"', 'current_setting() depends on more than the row', 0],
  ['opened < now()', 'now() gives another answer at another time', 9],
  ['loan < random()', 'random() gives another answer at another time', 7],
  ["nextval('s') > loan", 'nextval() gives another answer at another time', 0],
  ['unnest([loan]) > 1', 'unnest() ', 0],
  ['pg_get_viewdef(1) = "Co ""l"', 'pg_get_viewdef() depends on more than the row', 0],
  ['lenght("Co ""l") > 1', 'lenght() is not a function that DuckDB has', 0],
  ['loan > 1; DROP TABLE t', 'it is not one SQL expression: syntax error at or near ";"', 8],
  ['loan > 1, income > 1', 'it is not one SQL expression', undefined],
  ['loan > 1 AS x', 'it is not one SQL expression', 9],
  ['loan > 1 FROM range(3)', 'it is not one SQL expression', 9],
  ['loan > 1) OR (income > 1', 'it is not one SQL expression', 8],
  ['loan > 1 ORDER BY loan', 'it is not one SQL expression', 9],
  ['loan > 1 UNION SELECT true', 'it is not one SQL expression', 9],
  ['loan >', 'it is not one SQL expression', undefined],
  ['   ', 'it is not one SQL expression', undefined],
  ['*', 'a star stands for many columns', undefined],
  ['COLUMNS(*) > 1', 'a star stands for many columns', undefined],
  ['loan > ?', 'a parameter has no value here', undefined],
  ['loan > $1', 'a parameter has no value here', undefined],
  ['list_filter([loan], lambda x: x > 1) = []', 'lambdas', undefined],
  ['1 = 1', 'it names no column', undefined],
  ['loan + 1', 'it gives DOUBLE, not true or false', undefined],
  ['loan', 'it gives DOUBLE, not true or false', undefined],
  ['opened > 5', 'Cannot compare values of type TIMESTAMP', undefined],
  ['flag AND é', 'there is no column "é"', 9],
  ["'é' = 'é' AND incme > 0", 'there is no column "incme"', 14],
])('%s is refused', async (sql, message, offset) => {
  const mistake = await mistakeOf(sql)
  expect(mistake.message).toContain(message)
  expect(offset ?? mistake.offset).toBe(mistake.offset)
})

test('a column, or a function, that is nearly right is suggested', async () => {
  expect((await mistakeOf('incme > 0')).hint).toBe('Did you mean "income"?')
  expect((await mistakeOf('lenght("Co ""l") > 1')).hint).toBe('Did you mean "length"?')
})

test('text of the schema does not get into the query', async () => {
  const predicate = await readPredicate(duckdb, 'loan /* ) OR TRUE -- */ > 1 -- \' "', ['loan'])
  expect(predicate.sql(() => 'd0')).toBe('(((d0) > 1))')
})
