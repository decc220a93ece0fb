// Scans the inputs from `first` to `last`, and tells which one it is at, so that one that never ends can be named.
import { parentPort, workerData } from 'node:worker_threads'
import { scanBytes } from '../../dist/security/scan.js'
import { seededRandom } from '../../dist/stats/random.js'
import { faultOf, inputOf } from './inputs.mjs'

const { seed, first, last, step, state, hangMs } = workerData
const at = new Int32Array(state)

for (let index = first; index < last && Atomics.load(at, 2) === 0; index += step) {
  Atomics.store(at, 0, index)
  Atomics.add(at, 1, 1)
  const { bytes, name } = inputOf(seededRandom, seed, index)
  let fault
  try {
    const started = performance.now()
    const scan = await scanBytes(bytes, name)
    let milliseconds = performance.now() - started
    if (milliseconds > hangMs) {
      // Once more: the machine may have been busy with something else.
      const again = performance.now()
      await scanBytes(bytes, name)
      milliseconds = Math.min(milliseconds, performance.now() - again)
    }
    fault = faultOf(scan, milliseconds, hangMs)
  } catch (error) {
    fault = `${error?.stack ?? error}`
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of Node has no origin
  if (fault !== undefined) parentPort.postMessage({ index, fault })
}
