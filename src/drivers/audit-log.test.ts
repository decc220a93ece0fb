import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { closing } from '../core/closing.ts'
import { sha256 } from '../core/digest.ts'
import { followChain, missesHead } from './audit-chain.ts'
import { auditHead, headOf, openLogged, stateDatabase, storedEntries, type WatchedTable } from './audit-log.ts'
import { exec } from './exec.ts'
import { builtModule } from './self.ts'
import { viewDatabase } from './sqlite.ts'

const MIGRATIONS = ['CREATE TABLE thing (name TEXT PRIMARY KEY, value INTEGER) STRICT']
const TABLES: readonly WatchedTable[] = [{ table: 'thing', key: ['name'] }]

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'plimsoll-audit-log-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const open = () => openLogged(dir, 'things', MIGRATIONS, TABLES)
const entries = () => closing(viewDatabase(stateDatabase(dir)), storedEntries)
const event = { action: 'thing.made', subject: 'a', actor: 'ada', at: new Date(0) }

test('the hash of an entry is the SHA-256 of its canonical JSON, which any other program can compute', () => {
  const { database, log } = open()
  database.transaction(() => {
    database.run("INSERT INTO thing VALUES ('a', 1)")
    log.append({ ...event, details: { b: 1, a: [null, 'é'] }, rows: [{ table: 'thing', key: ['a'] }] })
  })
  database.close()
  const [first, second] = entries()
  const row = sha256('{"name":"a","value":1}')
  expect(second).toMatchObject({ seq: 2, previous: first!.hash, rows: `[{"digest":"${row}","key":["a"],"table":"thing"}]` })
  expect(second!.hash).toBe(
    sha256(
      `{"action":"thing.made","actor":"ada","at":"1970-01-01T00:00:00.000Z","details":{"a":[null,"é"],"b":1},` +
        `"previous":"${first!.hash}","rows":[{"digest":"${row}","key":["a"],"table":"thing"}],"seq":2,"subject":"a"}`,
    ),
  )
  expect(auditHead(dir)).toBe(headOf(second!))
})

test('an entry is there when what it records is, and only then', () => {
  const { database, log } = open()
  const fail = () =>
    database.transaction(() => {
      database.run("INSERT INTO thing VALUES ('a', 1)")
      log.append(event)
      throw new Error('no')
    })
  expect(fail).toThrow('no')
  database.close()
  expect(entries().map(({ action }) => action)).toEqual(['log.began'])
})

test('entries cannot be changed or deleted through SQL', () => {
  const { database } = open()
  expect(() => database.run("UPDATE audit_log SET actor = 'eve'")).toThrow('only ever added to')
  expect(() => database.run('DELETE FROM audit_log')).toThrow('only ever added to')
  database.close()
})

test('processes that write at once make one chain', async () => {
  open().database.close()
  const script = `
    import { openLogged } from ${JSON.stringify(builtModule('drivers/audit-log'))}
    const { database, log } = openLogged(${JSON.stringify(dir)}, 'things', ${JSON.stringify(MIGRATIONS)}, ${JSON.stringify(TABLES)})
    for (let i = 0; i < 25; i++) database.transaction(() => {
      const name = process.pid + ' ' + i
      database.run('INSERT INTO thing VALUES (?, ?)', name, i)
      log.append({ action: 'thing.made', subject: name, actor: null, at: new Date(), rows: [{ table: 'thing', key: [name] }] })
    })`
  const runs = [1, 2, 3, 4].map(() =>
    exec([process.execPath, '--input-type=module', '-e', script], { cwd: dir, env: {}, timeout: 60_000 }),
  )
  expect((await Promise.all(runs)).map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0])
  expect(entries()).toHaveLength(101)
  expect(followChain(entries()).problems).toEqual([])
})

test('a gap, another order and another content are told apart', () => {
  const { database, log } = open()
  for (const subject of ['a', 'b', 'c', 'd']) database.transaction(() => log.append({ ...event, subject }))
  database.close()
  const whole = entries()
  const problems = (stored: typeof whole) => followChain(stored).problems.map(({ message }) => message)
  expect(problems(whole)).toEqual([])
  expect(problems(whole.toSpliced(1, 2))).toEqual(['Before entry 4, entries 2 to 3 are missing.'])
  expect(problems(whole.with(2, { ...whole[2]!, actor: 'eve' }))).toEqual([
    'Entry 3 (thing.made, b) was changed: its hash is not that of its content.',
  ])
  expect(problems(whole.with(2, { ...whole[3]!, seq: 3 }))).toHaveLength(3)
  expect(missesHead(whole, headOf(whole[2]!))).toBeUndefined()
  expect(missesHead(whole.slice(0, 2), headOf(whole[2]!))).toContain('the log ends at 2')
})
