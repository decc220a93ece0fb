// Scans the inputs from `first` to `last`, and tells which one it is at, so that one that never ends can be named.
import { parentPort, workerData } from 'node:worker_threads'
import { scanBytes } from '../../dist/security/scan.js'
import { seededRandom } from '../../dist/stats/random.js'
import { faultOf, inputOf } from './inputs.mjs'

const { seed, first, last, step, state } = workerData
const at = new Int32Array(state)

for (let index = first; index < last; index += step) {
  Atomics.store(at, 0, index)
  Atomics.add(at, 1, 1)
  const { bytes, name } = inputOf(seededRandom, seed, index)
  const started = performance.now()
  let fault
  try {
    fault = faultOf(await scanBytes(bytes, name), performance.now() - started)
  } catch (error) {
    fault = `${error?.stack ?? error}`
  }
  if (fault !== undefined) parentPort.postMessage({ index, fault })
}
