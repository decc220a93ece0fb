import { expect, test } from 'vitest'
import { faultOf, inputOf } from '../../bench/fuzz/inputs.mjs'
import { seededRandom } from '../stats/random.ts'
import { scanBytes } from './scan.ts'

// The long run is `node bench/fuzz/fuzz.mjs`, which makes the same inputs and takes its time.
const INPUTS = 20_000
const SEED = 20_261_126
/** More than the bench allows: this machine may be doing other things. */
const HANG_MS = 10_000

test(
  '20,000 mutated files: no exception, no hang, no pass of what was not recognised, and the same findings again',
  { timeout: 300_000 },
  async () => {
    const faults: unknown[] = []
    for (let index = 0; index < INPUTS; index++) {
      const { bytes, name, kind } = inputOf(seededRandom, SEED, index)
      const started = performance.now()
      const scan = await scanBytes(bytes, name)
      const fault = faultOf(scan, performance.now() - started, HANG_MS)
      if (fault !== undefined) faults.push({ index, kind, name, fault })
      if (index % 50 !== 0) continue
      const again = await scanBytes(Uint8Array.from(bytes), name)
      if (JSON.stringify(again.findings) !== JSON.stringify(scan.findings)) faults.push({ index, kind, fault: 'other findings' })
    }
    expect(faults).toEqual([])
  },
)
