// Scans mutated files of every format, and looks for a crash, an input that takes longer than 2 s, memory that grows by more than 256 MB,
// and a pass that the scanner cannot answer for.
//
//     node bench/fuzz/fuzz.mjs [--inputs 1000000] [--seed 1] [--workers 2] [--hang 2] [--minutes N] [--out FOLDER]
//
// What fails is written to the folder, as `SEED-NUMBER.bin`. Ends with 1 when anything did.
import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { seededRandom } from '../../dist/stats/random.js'
import { inputOf } from './inputs.mjs'

const { values: flags } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: '2' },
    // Seconds by the clock: on a machine that is busy with other work, more.
    hang: { type: 'string', default: '2' },
    // Ends after so many minutes, with what was scanned until then.
    minutes: { type: 'string', default: 'Infinity' },
    out: { type: 'string', default: join(tmpdir(), 'plimsoll-fuzz') },
  },
})
const [inputs, seed, workers] = [flags.inputs, flags.seed, flags.workers].map(Number)
const HANG_MS = Number(flags.hang) * 1000
const LOOK_MS = 100
const GROWTH = 256 * 2 ** 20
/** Inputs after which memory is taken as what the scanner needs by itself. */
const WARM = 500

let faults = 0
let done = 0
let baseline = 0
let peak = 0

function report(index, fault) {
  faults++
  const { bytes, name, kind } = inputOf(seededRandom, seed, index)
  mkdirSync(flags.out, { recursive: true })
  const file = join(flags.out, `${seed}-${index}.bin`)
  writeFileSync(file, bytes)
  console.log(`input ${index} (${kind}, as ${name}): ${fault}\n  ${file}`)
}

/** Scans every `workers`-th input from `first` on; starts again behind one that hangs or kills the worker. */
function lane(first) {
  return new Promise((resolve) => {
    // The input it is at, how many it has begun, and whether it is to stop.
    const state = new SharedArrayBuffer(12)
    const at = new Int32Array(state)
    const worker = new Worker(new URL('./worker.mjs', import.meta.url), {
      workerData: { seed, first, last: inputs, step: workers, state, hangMs: HANG_MS },
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    })
    let count = 0
    let since = performance.now()
    const goOn = (fault) => {
      clearInterval(timer)
      done += Atomics.load(at, 1)
      if (fault === undefined) return resolve()
      const index = Atomics.load(at, 0)
      report(index, fault)
      worker.removeAllListeners()
      worker.on('error', () => undefined)
      void worker.terminate().then(() => resolve(lane(index + workers)))
    }
    const timer = setInterval(() => {
      const now = Atomics.load(at, 1)
      if (performance.now() - started > Number(flags.minutes) * 60_000) Atomics.store(at, 2, 1)
      const { rss } = process.memoryUsage()
      peak = Math.max(peak, rss)
      if (done + now > WARM && baseline === 0) baseline = rss
      if (baseline > 0 && rss - baseline > GROWTH) {
        baseline = rss
        report(Atomics.load(at, 0), `memory grew to ${Math.round(rss / 2 ** 20)} MB at about this input`)
      }
      if (now !== count) [count, since] = [now, performance.now()]
      else if (performance.now() - since > HANG_MS * 2) goOn('it does not end')
    }, LOOK_MS)
    worker.on('message', ({ index, fault }) => report(index, fault))
    worker.on('error', (error) => goOn(`the worker died: ${error.message}`))
    worker.on('exit', () => goOn())
  })
}

const started = performance.now()
await Promise.all(Array.from({ length: workers }, (_, i) => lane(i)))
const seconds = (performance.now() - started) / 1000
const megabytes = (bytes) => Math.round(bytes / 2 ** 20)
console.log(
  `${done} inputs in ${seconds.toFixed(1)} s, ${Math.round(done / seconds)} a second; memory ${megabytes(baseline)} MB, at most ${megabytes(peak)} MB; ${faults} faults`,
)
process.exitCode = faults > 0 ? 1 : 0
