import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { Client } from 'pg'
import { createClient } from 'redis'
import { readParquet } from '../../src/dataset.mjs'
import { featuresFrom, featuresOf } from '../../src/features.mjs'

const config = JSON.parse(await readFile('configs/training.json', 'utf8'))
const features = featuresFrom(config.features)
const names = features.map(({ name }) => name)
const rows = (await readParquet(config.data)).map((application) => featuresOf(features, application))

const { DATABASE_URL, REDIS_URL } = process.env

test('features written to PostgreSQL are read back exactly', { skip: !DATABASE_URL && 'DATABASE_URL is not set' }, async () => {
  const client = new Client({ connectionString: DATABASE_URL })
  await client.connect()
  try {
    await client.query('DROP TABLE IF EXISTS mortgage_features')
    await client.query(
      `CREATE TABLE mortgage_features (id integer PRIMARY KEY, ${names.map((name) => `${name} double precision NOT NULL`).join(', ')})`,
    )
    // One array per column: the whole table in one statement, whatever the number of rows.
    const arrays = [rows.map((_row, id) => id), ...names.map((_name, j) => rows.map((row) => row[j]))]
    const parameters = arrays.map((_array, j) => `$${j + 1}::${j === 0 ? 'integer' : 'double precision'}[]`)
    await client.query(`INSERT INTO mortgage_features SELECT * FROM unnest(${parameters.join(', ')})`, arrays)

    const { rows: stored } = await client.query(`SELECT ${names.join(', ')} FROM mortgage_features ORDER BY id`)
    assert.equal(stored.length, rows.length)
    for (const [id, row] of stored.entries())
      assert.deepEqual(
        names.map((name) => row[name]),
        rows[id],
      )

    await assert.rejects(client.query('INSERT INTO mortgage_features (id) VALUES (-1)'), /null value/)
    await client.query('DROP TABLE mortgage_features')
  } finally {
    await client.end()
  }
})

test(
  'features cached in Redis are read back exactly',
  { skip: !REDIS_URL && 'REDIS_URL is not set: no Redis here' },
  async () => {
    const client = createClient({ url: REDIS_URL })
    await client.connect()
    const key = `mortgage-features:${process.pid}`
    try {
      await client.hSet(key, Object.fromEntries(rows.slice(0, 100).map((row, id) => [id, JSON.stringify(row)])))
      await client.expire(key, 60)
      const cached = await client.hGetAll(key)
      assert.deepEqual(Object.keys(cached).length, 100)
      for (const [id, text] of Object.entries(cached)) assert.deepEqual(JSON.parse(text), rows[id])
    } finally {
      await client.del(key)
      await client.close()
    }
  },
)
