// The Python predictor beside the same calls in Python itself: predict() and predict_proba() of a million rows, without the start of
// either process and without loading. Usage: node bench/model/python.mjs [ROWS]; PLIMSOLL_PYTHON names an interpreter with scikit-learn.
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { scratch } from '../data/table.mjs'
import { machine } from '../data/timed.mjs'
import { digestFile } from '../../dist/drivers/files.js'
import { openPredictor } from '../../dist/model/predictors/open.js'

const ROWS = Number(process.argv[2] ?? 1_000_000)
const ROUNDS = 5
const python =
  process.env.PLIMSOLL_PYTHON ?? fileURLToPath(new URL('../../node_modules/.cache/python-peers/bin/python', import.meta.url))
const script = fileURLToPath(new URL('by_python.py', import.meta.url))
const folder = scratch()
const { status, stderr } = spawnSync(python, [script, 'make', folder, String(ROWS)], { encoding: 'utf8' })
if (status !== 0) throw new Error(stderr)

/** The columns that by_python.py makes, in memory, as a reader of data files hands them over. */
function table() {
  const { buffer } = new Uint8Array(readFileSync(join(folder, 'numbers.f64')))
  const numbers = Array.from({ length: 20 }, (_, i) => [`n${i}`, new Float64Array(buffer, 8 * ROWS * i, ROWS)])
  const codes = new Int32Array(new Uint8Array(readFileSync(join(folder, 'words.i32'))).buffer)
  const words = ['region', 'method', 'code'].map((name, i) => [
    name,
    Array.from(codes.subarray(ROWS * i, ROWS * (i + 1)), (code) => `${name}-${code}`),
  ])
  return {
    numbers: { rowCount: ROWS, columns: Object.fromEntries(numbers) },
    words: { rowCount: ROWS, columns: Object.fromEntries([...numbers.slice(0, 5), ...words]) },
  }
}

function byPython(model) {
  const child = spawn(python, [script, 'time', folder, model], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async run() {
      child.stdin.write('go\n')
      return JSON.parse((await lines.next()).value)
    },
    close: () => child.stdin.end(),
  }
}

console.log(`${machine()}; ${ROWS} rows; least of ${ROUNDS} rounds\n`)
const tables = table()
for (const model of (process.argv[3] ?? 'histogram-boosting,forest,logistic,line,words').split(',')) {
  const rows = model === 'words' ? tables.words : tables.numbers
  const there = byPython(model)
  const here = await openPredictor(`${model}.pkl`, { cwd: folder, env: process.env, python, admit: digestFile })
  await here.predict({
    rowCount: 10,
    columns: Object.fromEntries(Object.entries(rows.columns).map(([name, column]) => [name, column.slice(0, 10)])),
  })
  const [theirs, ours] = [[], []]
  for (let round = 0; round < ROUNDS; round++) {
    const { seconds, sums } = await there.run()
    theirs.push(seconds)
    const started = performance.now()
    const { labels, probabilities } = await here.predict(rows)
    ours.push((performance.now() - started) / 1000)
    const sum = labels.reduce((total, label) => total + label, 0)
    if (Math.abs(sum - sums[0]) > 1e-6 * Math.abs(sums[0])) throw new Error(`${model}: ${sum} is not ${sums[0]}`)
    if (probabilities && probabilities.length !== 2 * ROWS) throw new Error(`${model}: probabilities are missing`)
  }
  there.close()
  await here.close()
  const [a, b] = [Math.min(...theirs), Math.min(...ours)]
  console.log(`${model.padEnd(20)} in Python ${a.toFixed(3)} s   predictor ${b.toFixed(3)} s   ${(b / a).toFixed(2)} ×`)
}
