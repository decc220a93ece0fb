import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sha256 } from '../../../core/digest.ts'
import { tableFromRows } from '../../../core/table.ts'
import { leftoverKeeper, type Leftover } from '../../../drivers/leftovers.ts'
import { openPredictor } from '../open.ts'

// Real Python is met in test/interop. Here an interpreter that misbehaves on purpose, written in Node, stands in for it.
const FAKE = `#!${process.execPath}
const fs = require('node:fs')
const behaviour = JSON.parse(process.env.BEHAVIOUR)
fs.appendFileSync('started', 'x')
let data = Buffer.alloc(0)
const send = (header, payload = Buffer.alloc(0)) => {
  const text = Buffer.from(JSON.stringify({ ...header, bytes: payload.length }))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  for (const byte of Buffer.concat([length, text, payload])) process.stdout.write(Buffer.of(byte))
}
process.stdin.on('data', (chunk) => {
  data = Buffer.concat([data, chunk])
  while (data.length >= 4) {
    const length = data.readUInt32LE()
    const header = JSON.parse(data.subarray(4, 4 + length))
    data = data.subarray(4 + length + header.bytes)
    if (header.op === 'load') { send(behaviour.load ?? { features: ['a'], classes: ['no', 'yes'], importances: null }); continue }
    if (behaviour.predict === 'crash') { console.error('out of memory'); process.exit(9) }
    if (behaviour.predict === 'hang') continue
    if (behaviour.predict === 'noise') { process.stdout.write('hello from the model, which prints a lot'); continue }
    if (behaviour.predict === 'error') { send({ error: 'ValueError: bad row', traceback: 'Traceback\\n  line 1' }); continue }
    const rows = header.rows - (behaviour.short ?? 0)
    const codes = Buffer.from(Int32Array.from({ length: rows }, (_, i) => i % 2).buffer)
    const probabilities = Buffer.from(Float64Array.from({ length: (behaviour.width ?? 2) * rows }, (_, i) => i / 10).buffer)
    const parts = [codes.length, probabilities.length]
    send({ labels: 'codes', rows, probabilities: [rows, behaviour.width ?? 2], parts }, Buffer.concat([codes, probabilities]))
  }
})
`

async function open(behaviour: object, options: { timeout?: number; admitted?: boolean } = {}) {
  const cwd = await mkdtemp(join(tmpdir(), 'plimsoll-python-'))
  const python = join(cwd, 'python')
  await writeFile(python, FAKE)
  await chmod(python, 0o755)
  await writeFile(join(cwd, 'model.pkl'), 'bytes')
  const predictor = openPredictor('model.pkl', {
    cwd,
    env: { BEHAVIOUR: JSON.stringify(behaviour) },
    python,
    timeout: options.timeout ?? 20_000,
    admit: () => (options.admitted === false ? Promise.reject(new Error('not scanned')) : Promise.resolve(sha256('bytes'))),
  })
  return { cwd, predictor }
}

const three = tableFromRows([{ a: 1 }, { a: 2 }, { a: 3 }])

test.skipIf(process.platform === 'win32')(
  'the child is known to whoever cleans up after a run that was killed, until it is closed',
  async () => {
    const kept: Leftover[] = []
    const forgotten: Leftover[] = []
    const keep = (leftover: Leftover) => {
      kept.push(leftover)
      return () => void forgotten.push(leftover)
    }
    const predictor = await leftoverKeeper.run({ keep }, async () => (await open({})).predictor)
    expect(kept).toMatchObject([{ kind: 'process', pid: expect.any(Number) as number }])
    expect(forgotten).toEqual([])
    await predictor.close()
    expect(forgotten).toEqual(kept)
  },
)

test.skipIf(process.platform === 'win32')('answers come in order, over batches and however the bytes are cut', async () => {
  const predictor = await (await open({})).predictor
  const { labels, classes, probabilities } = await predictor.predict(three, { batchSize: 2 })
  expect({ labels, classes }).toEqual({ labels: ['no', 'yes', 'no'], classes: ['no', 'yes'] })
  expect(Array.from(probabilities!)).toEqual([0, 0.1, 0.2, 0.3, 0, 0.1])
  const both = await Promise.all([predictor.predict(three), predictor.predict(three)])
  expect(both.map(({ rowCount }) => rowCount)).toEqual([3, 3])
  await predictor.close()
})

test.skipIf(process.platform === 'win32')('a model that was not admitted never meets an interpreter', async () => {
  const { cwd, predictor } = await open({}, { admitted: false })
  await expect(predictor).rejects.toThrow('not scanned')
  await expect(readFile(join(cwd, 'started'))).rejects.toMatchObject({ code: 'ENOENT' })
})

test.skipIf(process.platform === 'win32').each([
  ['crash', 'E_PREDICTOR', /ended with exit code 9/],
  ['hang', 'E_PREDICTOR', /did not answer within 2 s/],
  ['noise', 'E_PREDICTOR', /wrote something that is no answer/],
  ['error', 'E_PREDICTOR', /ValueError: bad row/],
])(
  'a child that does "%s" is an error, and so is every later use but after a Python exception',
  async (predict, code, message) => {
    const predictor = await (await open({ predict }, predict === 'hang' ? { timeout: 2000 } : {})).predictor
    await expect(predictor.predict(three)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    await expect(predictor.predict(three)).rejects.toMatchObject({ code })
    await predictor.close()
  },
)

test.skipIf(process.platform === 'win32')('a short answer is no answer', async () => {
  const predictor = await (await open({ short: 1 })).predictor
  await expect(predictor.predict(three)).rejects.toMatchObject({
    code: 'E_PREDICTOR',
    message: 'model.pkl: predict() answered 2 predictions for 3 rows',
  })
  await predictor.close()
})

test.skipIf(process.platform === 'win32')('a file that changed after its scan, or needs a package, is not loaded', async () => {
  await expect((await open({ load: { changed: true } })).predictor).rejects.toMatchObject({ code: 'E_MODEL_UNSCANNED' })
  const missing = { error: "ModuleNotFoundError: No module named 'sklearn'", missing: 'sklearn', traceback: 'T' }
  await expect((await open({ load: missing })).predictor).rejects.toMatchObject({ code: 'E_DEPENDENCY', frame: 'T' })
})

test('an interpreter that is not there is named', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'plimsoll-python-'))
  await writeFile(join(cwd, 'model.pkl'), 'bytes')
  const options = { cwd, env: {}, python: join(cwd, 'no-python'), admit: () => Promise.resolve(sha256('bytes')) }
  await expect(openPredictor('model.pkl', options)).rejects.toMatchObject({
    code: 'E_DEPENDENCY',
    message: expect.stringContaining('no-python'),
  })
})

test.skipIf(process.platform === 'win32')('an abort ends the child at once', async () => {
  const predictor = await (await open({ predict: 'hang' })).predictor
  const controller = new AbortController()
  const answer = predictor.predict(three, { signal: controller.signal })
  setTimeout(() => controller.abort(new Error('stopped')), 50)
  await expect(answer).rejects.toThrow('stopped')
  await predictor.close()
})
