import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkResult } from '../../core/check.ts'
import { systemClock } from '../../core/clock.ts'
import { closing } from '../../core/closing.ts'
import { sha256 } from '../../core/digest.ts'
import { stepReport, type Report } from '../../core/report.ts'
import { headOf, stateDatabase, storedEntries } from '../../drivers/audit-log.ts'
import { artifactOf } from '../../drivers/files.ts'
import { openDatabase, viewDatabase } from '../../drivers/sqlite.ts'
import { openTestSetLedger } from '../../model/ledger/ledger.ts'
import { StageCache, cacheBlobs } from '../../pipeline/cache.ts'
import { Recorder } from '../../pipeline/recorder.ts'
import { openPipelineState } from '../../pipeline/state.ts'
import { openRegistry } from '../../registry/registry.ts'
import { recordApproval } from '../../release/approvals.ts'
import { openReleaseRecords } from '../../release/records.ts'
import { releaseOf } from '../../release/release.ts'
import { openAttestations } from '../../signing/store.ts'
import { fsck } from './fsck.ts'

/** A state folder with a row in every table, made by the code that makes them in earnest; each test spoils a copy. */
let pristine: string
let copies: string
beforeAll(async () => {
  pristine = mkdtempSync(join(tmpdir(), 'plimsoll-fsck-whole-'))
  copies = mkdtempSync(join(tmpdir(), 'plimsoll-fsck-copies-'))
  await fill(join(pristine, '.plimsoll'), pristine)
})
afterAll(() => {
  for (const folder of [pristine, copies]) rmSync(folder, { recursive: true, force: true })
})

async function fill(stateDir: string, root: string): Promise<void> {
  const modelFile = join(root, 'model.onnx')
  const digest = sha256('weights')
  const at = new Date('2026-01-02T03:04:05Z')
  writeFileSync(modelFile, 'weights')
  const registry = openRegistry(stateDir)
  const lineage = { data: null, config: null, code: { commit: 'c0ffee', dirty: false }, environment: {}, command: 'train' }
  for (const seed of [1, 2]) {
    const registration = { name: 'mortgage', modelFile, digest, metrics: {}, reports: [], runId: null, at }
    await registry.register({ ...registration, lineage: { ...lineage, seed, parameters: null } })
    registry.moveAlias({ name: 'mortgage', version: seed, alias: 'champion', by: 'ada', at })
  }
  registry.close()

  const content = { modelName: 'mortgage', modelVersion: '1', modelExtension: '.onnx', imageDigest: null, configDigest: null }
  const release = releaseOf({ ...content, modelDigest: digest, python: null })
  closing(openReleaseRecords(stateDir), (records) => {
    records.saveEnvironment('production', { port: 4711 })
    records.saveRelease(release)
    const consent = { environment: 'production', releaseId: release.id, approver: 'ada', reason: 'good', runId: null, at }
    recordApproval(records, { ...consent, via: 'recorded' })
    const begun = {
      environment: 'production',
      releaseId: release.id,
      previousReleaseId: null,
      kind: 'deploy',
      by: 'ada',
    } as const
    records.end(records.begin({ ...begun, reason: 'r', runId: 'x', startedAt: at.toISOString() }), 'failed', 'no room')
    records.end(records.begin({ ...begun, reason: 'r', runId: 'x', startedAt: at.toISOString() }), 'succeeded')
  })
  const served = join(stateDir, 'environments', 'production')
  mkdirSync(join(served, 'releases', release.id), { recursive: true })
  writeFileSync(join(served, 'releases', release.id, 'model.onnx'), 'weights')
  const server = { releaseId: release.id, modelDigest: digest }
  writeFileSync(join(served, 'supervisor.config.json'), JSON.stringify({ environment: 'production', server }))

  closing(openTestSetLedger(stateDir), (ledger) =>
    ledger.record({
      testSet: sha256('t'),
      path: 'data/test',
      rows: 9,
      identity: sha256('i'),
      model: 'm',
      budget: 5,
      runId: null,
      at,
    }),
  )

  closing(openAttestations(stateDir), (store) => {
    const subject = digest.slice(7)
    store.add({ model: 'mortgage', version: 1, gate: 'sign', subject, keyId: 'k', publicKey: 'p', bundle: '{}' })
    const verified = { environment: 'production', releaseId: release.id, subject, policy: sha256('policy'), gates: 'sign' }
    store.addVerification({ ...verified, bundle: '', at: at.toISOString() })
  })

  mkdirSync(join(root, 'results'))
  writeFileSync(join(root, 'results/metrics.json'), '{"accuracy": 0.9}')
  const database = openPipelineState(stateDir)
  const start = {
    root,
    pipeline: 'p',
    definition: 'd',
    branch: 'main',
    event: 'manual',
    commit: 'c0ffee',
    options: '{}',
    by: 'ada',
  }
  const blobs = cacheBlobs(stateDir)
  const kept = await blobs.putFile(join(root, 'results/metrics.json'))
  const outputs = { files: { 'results/metrics.json': { digest: kept.digest, mode: 420, volatile: false } }, states: {} }
  const step = stepReport({
    name: 'evaluate',
    summary: 's',
    startedAt: at,
    durationMs: 1,
    results: [checkResult({ check: 'c', title: 'C', verdict: 'pass', message: 'm' })],
    artifacts: [await artifactOf(root, 'results/metrics.json')],
  })
  const stage: Report = { ...step, kind: 'stage', name: 'train', results: [], children: [step] }
  const recorder = Recorder.begin(database, systemClock, start)
  recorder.keep({ kind: 'folder', path: join(root, 'scratch') })
  recorder.stageStarted('train', 1, false)
  recorder.event({ type: 'stage-output', stage: 'train', step: null, line: 'hello' })
  recorder.stepFinished('train', 0, outputs, step)
  recorder.stageFinished('train', outputs, stage, true)
  new StageCache(database, root).put(
    'train',
    { key: sha256('k'), fields: {}, untracked: [] },
    outputs,
    stage,
    recorder.runId,
    at.toISOString(),
  )
  recorder.end('finished', { ...stage, kind: 'run' })
  database.close()
}

interface Spoilt {
  readonly root: string
  readonly stateDir: string
}

let copied = 0
function copy(): Spoilt {
  const root = join(copies, String(copied++))
  cpSync(pristine, root, { recursive: true })
  return { root, stateDir: join(root, '.plimsoll') }
}

const examine = ({ root, stateDir }: Spoilt, head?: string) =>
  fsck({ stateDir, root, head, clock: systemClock, signal: new AbortController().signal })

const errors = (report: Report): string[] =>
  report.results.flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'error').map(({ message }) => message))

/** Writes into the database as somebody would who has SQLite and no Plimsoll: no trigger, no key, no check is in the way. */
function write({ stateDir }: Spoilt, ...statements: string[]): void {
  const { DatabaseSync } = load()
  const raw = new DatabaseSync(stateDatabase(stateDir))
  raw.exec('PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON')
  const triggers = raw.prepare(`SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'`).all() as Trigger[]
  for (const { name } of triggers) raw.exec(`DROP TRIGGER ${name}`)
  for (const statement of statements) raw.exec(statement)
  for (const { tbl_name, sql } of triggers) {
    if (raw.prepare(`SELECT 1 FROM sqlite_master WHERE name = '${tbl_name}'`).all().length > 0) raw.exec(sql)
  }
  raw.close()
}

interface Trigger {
  readonly tbl_name: string
  readonly name: string
  readonly sql: string
}
interface RawDatabase {
  exec(sql: string): void
  prepare(sql: string): { all(): unknown[] }
  close(): void
}
function load(): { DatabaseSync: new (path: string) => RawDatabase } {
  const require = createRequire(import.meta.url)
  try {
    return require('node:sqlite') as ReturnType<typeof load>
  } catch {
    return require('@photostructure/sqlite') as ReturnType<typeof load>
  }
}

const TABLES = `
  model_version alias alias_move environment release deployment approval test_set test_set_decision attestation verification
  pipeline_run pipeline_stage pipeline_step pipeline_event pipeline_leftover pipeline_cache audit_log`
  .trim()
  .split(/\s+/)
/** Signs of life, and what is only so while somebody works; the reasons stand where the tables are declared. */
const NOT_COVERED = new Set(['lease', 'schema_version', 'sqlite_sequence'])

test('a folder that nobody touched passes, and nothing in it is written', async () => {
  const whole = copy()
  const before = fileDigests(whole.root)
  const report = await examine(whole)
  expect(errors(report)).toEqual([])
  expect(report.verdict).toBe('pass')
  expect(fileDigests(whole.root)).toEqual(before)
})

function fileDigests(root: string): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = files.map((file) => join(file.parentPath, file.name)).filter((path) => !/-(shm|wal)$/.test(path))
  return Object.fromEntries(paths.map((path) => [path, sha256(readFileSync(path))]))
}

test('every table is either spoilt below or left out for a reason', () => {
  const tables = closing(viewDatabase(stateDatabase(join(pristine, '.plimsoll'))), (database) =>
    database.all<{ name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table'`).map(({ name }) => name),
  )
  expect(tables.filter((table) => !NOT_COVERED.has(table)).toSorted()).toEqual(TABLES.toSorted())
})

describe.each(TABLES)('%s', (table) => {
  test('a change of any column of any row is found and named', async () => {
    const columns = closing(viewDatabase(stateDatabase(join(pristine, '.plimsoll'))), (database) =>
      database.all<{ name: string; type: string }>(`SELECT name, type FROM pragma_table_info('${table}')`),
    )
    const missed: string[] = []
    for (const { name, type } of columns) {
      if (name === 'beat_at') continue
      const spoilt = copy()
      const other = type === 'INTEGER' ? `coalesce(${name}, 0) + 1000000` : `coalesce(${name}, '') || ' '`
      write(
        spoilt,
        `UPDATE ${table} SET ${name} = ${other} WHERE rowid = (SELECT max(rowid) FROM ${table})`.replace(...withoutRowid(table)),
      )
      const report = await examine(spoilt)
      if (report.verdict !== 'fail' || !errors(report).some((message) => message.includes(table === 'audit_log' ? 'ntr' : table)))
        missed.push(name)
    }
    expect(missed).toEqual([])
  })

  test('a row that is gone is found and named', async () => {
    const spoilt = copy()
    // The last entry of the log can be cut off without a trace: for that there is the head.
    const which = table === 'audit_log' ? 'seq = 3' : `rowid = (SELECT min(rowid) FROM ${table})`
    write(spoilt, `DELETE FROM ${table} WHERE ${which}`.replace(...withoutRowid(table)))
    expect(errors(await examine(spoilt)).join('\n')).toContain(table === 'audit_log' ? 'entry 3 is missing' : table)
  })
})

const withoutRowid = (table: string): [RegExp, string] =>
  table === 'pipeline_event' ? [/rowid = \(.*\)/, `sequence = (SELECT max(sequence) FROM ${table})`] : [/$^/, '']

test.each([
  [
    "INSERT INTO model_version SELECT name, 3, 'other', digest, created_at, document FROM model_version LIMIT 1",
    'model_version mortgage 3',
  ],
  ["INSERT INTO alias VALUES ('mortgage', 'production', 1)", 'alias mortgage production'],
  [
    `INSERT INTO approval (environment, release_id, approver, at, based_on, via) SELECT environment, release_id, 'eve', at, 9, via FROM approval`,
    'approval 2',
  ],
  ['UPDATE pipeline_cache SET report = replace(report, \'"pass"\', \'"fail"\')', 'pipeline_cache'],
  ['UPDATE test_set SET budget = 9223372036854775807', 'test_set'],
  ["CREATE TRIGGER hide AFTER INSERT ON approval BEGIN UPDATE approval SET approver = 'ada'; END", 'hide'],
  ['DROP TABLE alias_move', 'alias_move'],
  ["UPDATE schema_version SET version = 0 WHERE component = 'registry'", 'registry 0'],
  ["UPDATE schema_version SET component = 'other' WHERE component = 'release'", 'schema_version does not name release'],
])('%s', async (statement, named) => {
  const spoilt = copy()
  write(spoilt, statement)
  const report = await examine(spoilt)
  expect(report.verdict).toBe('fail')
  expect(errors(report).join('\n')).toContain(named)
})

test('triggers that were taken away are missed', async () => {
  const spoilt = copy()
  const { DatabaseSync } = load()
  const raw = new DatabaseSync(stateDatabase(spoilt.stateDir))
  raw.exec('DROP TRIGGER audit_log_is_never_changed')
  raw.close()
  expect(errors(await examine(spoilt))).toEqual(['The trigger audit_log_is_never_changed is missing.'])
})

test.each([
  ['a model', (state: string) => join(state, 'blobs/sha256')],
  ['a copy of an output', (state: string) => join(state, 'cache/blobs/sha256')],
])('%s: one other byte, and a lost file', async (_what, folderOf) => {
  for (const spoil of [flip, (path: string) => rmSync(path)]) {
    const spoilt = copy()
    const folder = folderOf(spoilt.stateDir)
    const [name] = readdirSync(folder)
    spoil(join(folder, name!))
    const report = await examine(spoilt)
    expect(report.verdict).toBe('fail')
    expect(errors(report).join()).toContain(name)
  }
})

function flip(path: string): void {
  const bytes = readFileSync(path)
  bytes[bytes.length >> 1]! ^= 1
  chmodSync(path, 0o644)
  writeFileSync(path, bytes)
}

test('what an environment serves, and the configuration of its supervisor', async () => {
  const model = copy()
  const releases = join(model.stateDir, 'environments/production/releases')
  const [id] = readdirSync(releases)
  flip(join(releases, id!, 'model.onnx'))
  expect(errors(await examine(model)).join()).toContain(`${id}/model.onnx was changed`)
  const config = copy()
  const path = join(config.stateDir, 'environments/production/supervisor.config.json')
  writeFileSync(path, readFileSync(path, 'utf8').replace(sha256('weights'), sha256('other')))
  expect(errors(await examine(config)).join()).toContain('names another model')
})

test('a result that was changed is a problem; one that is gone is a warning', async () => {
  // The log names results by where they were written.
  const path = join(pristine, 'results/metrics.json')
  const whole: Spoilt = { root: pristine, stateDir: join(pristine, '.plimsoll') }
  const content = readFileSync(path)
  try {
    flip(path)
    expect(errors(await examine(whole))).toEqual([expect.stringContaining('results/metrics.json was changed')])
    rmSync(path)
    expect(await examine(whole)).toMatchObject({ verdict: 'warn' })
  } finally {
    writeFileSync(path, content)
  }
})

test('a log that was cut, or made anew from the beginning, is found by the head that was kept elsewhere', async () => {
  const stored = closing(viewDatabase(stateDatabase(join(pristine, '.plimsoll'))), storedEntries)
  const head = headOf(stored.at(-1)!)
  expect((await examine(copy(), head)).verdict).toBe('pass')
  expect((await examine(copy(), headOf(stored[4]!))).verdict).toBe('pass')

  const cut = copy()
  write(cut, `DELETE FROM audit_log WHERE seq = ${stored.length}`)
  expect(errors(await examine(cut, head)).join()).toContain(`the log ends at ${stored.length - 1}`)

  const anew = copy()
  rmSync(anew.stateDir, { recursive: true })
  const elsewhere = mkdtempSync(join(copies, 'anew-'))
  await fill(anew.stateDir, elsewhere)
  expect((await examine(anew)).verdict).toBe('pass')
  expect(errors(await examine(anew, head)).join()).toContain('The log was rewritten')
})

test('a folder from before the log says what is not covered; from then on it is', async () => {
  const old = copy()
  write(
    old,
    'DROP TABLE audit_log',
    "DELETE FROM schema_version WHERE component = 'audit-log'",
    'UPDATE schema_version SET version = 1',
  )
  const before = await examine(old)
  expect(before.verdict).toBe('pass')
  expect(told(before)).toContain('2 rows of model_version are older than the log, and not covered.')
  expect(told(before)).toContain('There is no audit log yet.')

  openRegistry(old.stateDir).close()
  const after = await examine(old)
  expect(after.verdict).toBe('pass')
  expect(told(after)).toContain('5 of them are older than the log')
  expect(told(after)).toContain('2 rows of deployment are older than the log, and not covered.')

  write(old, "UPDATE model_version SET created_at = '2020-01-01T00:00:00Z' WHERE version = 2")
  expect(errors(await examine(old))).toEqual([expect.stringContaining('model_version mortgage 2 was changed')])
})

const told = ({ results }: Report): string => results.map(({ message }) => message).join('\n')

test('a database that is no database any more', async () => {
  const spoilt = copy()
  const path = stateDatabase(spoilt.stateDir)
  for (const name of readdirSync(spoilt.stateDir).filter((file) => /-(wal|shm)$/.test(file))) rmSync(join(spoilt.stateDir, name))
  writeFileSync(path, Buffer.concat([Buffer.from('garbage'), readFileSync(path).subarray(7)]))
  expect(await examine(spoilt)).toMatchObject({ verdict: 'fail', summary: '1 thing is wrong' })
  const page = copy()
  openDatabase(stateDatabase(page.stateDir), 'test', []).close()
  const bytes = readFileSync(stateDatabase(page.stateDir))
  for (let at = 4096 * 3; at < 4096 * 6; at++) bytes[at]! ^= 0x55
  writeFileSync(stateDatabase(page.stateDir), bytes)
  expect((await examine(page)).verdict).toBe('fail')
})

test('there must be something to examine, and a head must be one', async () => {
  const nothing = { root: copies, stateDir: join(copies, 'none') }
  await expect(examine(nothing)).rejects.toMatchObject({ code: 'E_NOT_FOUND' })
  await expect(examine(copy(), '12')).rejects.toMatchObject({ code: 'E_USAGE' })
})
