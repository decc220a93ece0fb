// Scoring through the ONNX predictor against bare onnxruntime-node on the same rows in batches of the same size, in one process.
// The predictor starts from a table of Float64Array columns and ends with labels and probabilities; the bare side is given tensors
// that are ready, and its answers are thrown away. Target: at most 1.1 × the bare time.
// Usage: node bench/model/onnx.mjs [ROUNDS] [ROWS]
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { openPredictor } from '../../dist/model/predictors/open.js'
import { scratch } from '../data/table.mjs'
import { machine } from '../data/timed.mjs'
import { forest, logistic, network, sequence, WIDTH } from './onnx-models.mjs'

const ROUNDS = Number(process.argv[2] ?? 5)
const ROWS = Number(process.argv[3] ?? 1_000_000)
const BATCH = 16_384
const SINGLES = 2000

const next = sequence(4)
const columns = Object.fromEntries(
  Array.from({ length: WIDTH }, (_none, i) => [`f${i}`, Float64Array.from({ length: ROWS }, next)]),
)
const table = { rowCount: ROWS, columns }
const prepared = Array.from({ length: Math.ceil(ROWS / BATCH) }, (_none, batch) => {
  const rows = Math.min(BATCH, ROWS - batch * BATCH)
  const values = Object.values(columns)
  const matrix = Float32Array.from(
    { length: rows * WIDTH },
    (_none, i) => values[i % WIDTH][batch * BATCH + Math.floor(i / WIDTH)],
  )
  return { x: new Tensor('float32', matrix, [rows, WIDTH]) }
})
const folder = scratch()

async function timed(run) {
  const [cpu, wall] = [process.cpuUsage(), performance.now()]
  await run()
  const { user, system } = process.cpuUsage(cpu)
  return { wall: performance.now() - wall, cpu: (user + system) / 1000 }
}

async function compare(name, bytes) {
  const path = join(folder, `${name.replaceAll(/\W+/g, '-')}.onnx`)
  writeFileSync(path, bytes)
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1 }
  const session = await InferenceSession.create(bytes, options)
  const predictor = await openPredictor(path, { cwd: folder, env: {}, admit: () => Promise.reject(new Error('not asked')) })
  const bare = async () => {
    for (const feeds of prepared) await session.run(feeds)
  }
  const ours = () => predictor.predict(table)
  const runs = { bare: [], ours: [] }
  for (let round = 0; round <= ROUNDS; round++) {
    // The first round only warms up.
    for (const [key, run] of [
      ['bare', bare],
      ['ours', ours],
    ]) {
      const found = await timed(run)
      if (round > 0) runs[key].push(found)
    }
  }
  const least = (key, what) => Math.min(...runs[key].map((found) => found[what]))
  const line = ['wall', 'cpu'].map((what) => {
    const [a, b] = [least('bare', what), least('ours', what)]
    return `${what} ${b.toFixed(0)} ms, bare ${a.toFixed(0)} ms: ${(b / a).toFixed(2)} ×`
  })
  console.log(`${name.padEnd(34)} ${line.join('   ')}`)

  const row = { rowCount: 1, columns: Object.fromEntries(Object.entries(columns).map(([key, all]) => [key, all.slice(0, 1)])) }
  const feeds = { x: new Tensor('float32', prepared[0].x.data.slice(0, WIDTH), [1, WIDTH]) }
  const single = async (run) => {
    const times = []
    for (let i = 0; i < SINGLES; i++) {
      const start = performance.now()
      await run()
      times.push((performance.now() - start) * 1000)
    }
    times.sort((a, b) => a - b)
    return `p50 ${times[SINGLES / 2].toFixed(0)} µs, p99 ${times[Math.floor(SINGLES * 0.99)].toFixed(0)} µs`
  }
  const direct = () => session.run(feeds)
  await single(direct)
  await single(() => predictor.predict(row))
  console.log(`  one row: ${await single(() => predictor.predict(row))}; bare ${await single(direct)}`)
  await predictor.close()
  await session.release()
}

console.log(`${ROWS.toLocaleString('en-US')} rows × ${WIDTH} features in batches of ${BATCH}; ${machine()}; least of ${ROUNDS}`)
await compare('logistic regression', logistic())
await compare('network 20-64-32-3', network())
await compare('forest of 100 trees, depth 6', forest())
