// The sixteen answers by one DuckDB query written by hand, in a Node process that does nothing else.
import { DuckDBInstance } from '@duckdb/node-api'

const instance = await DuckDBInstance.create(':memory:')
const connection = await instance.connect()
const reader = await connection.runAndReadAll(`SELECT
  count(*), count_if(id IS NULL), count(id) - count(DISTINCT id),
  count_if(age IS NULL), count_if(age < 18), count_if(age > 120),
  count_if(income IS NULL OR NOT isfinite(income)), count_if(income < 0),
  count_if(score < 0), count_if(score > 850),
  count_if(region IS NULL OR region NOT IN ('north', 'south', 'east', 'west')),
  count_if(method IS NULL OR method NOT IN ('card', 'cash', 'bank')),
  count_if(NOT regexp_matches(code, '^C[0-9]{6}$')),
  count_if(rate < 0), count_if(rate > 1), count_if(day IS NULL)
  FROM '${process.argv[2]}'`)
const [answers] = reader.getRowsJS()
if (answers.slice(1).some((broken) => Number(broken) !== 0)) throw new Error(`unexpected: ${answers.map(Number).join(', ')}`)
