import { seededRandom } from '../stats/random.ts'

/** `constant`: evenly spaced. `poisson`: independent users, so that requests also come in bunches. */
export const ARRIVALS = ['constant', 'poisson'] as const
export type Arrivals = (typeof ARRIVALS)[number]

/**
 * When requests are to be sent: milliseconds from the start, ascending, all below `durationMs`. The times do not depend
 * on any answer, so a slow server is not spared (an open model).
 *
 * @param rps requests per second; for Poisson arrivals, on average
 */
export function arrivalTimes(arrivals: Arrivals, rps: number, durationMs: number, seed: number): Float64Array {
  const gap = 1000 / rps
  if (arrivals === 'constant') return Float64Array.from({ length: Math.ceil(durationMs / gap) }, (_, i) => i * gap)
  const random = seededRandom(seed)
  const times: number[] = []
  // The gaps of a Poisson process are exponential.
  for (let time = -Math.log(1 - random.uniform()) * gap; time < durationMs; time -= Math.log(1 - random.uniform()) * gap) {
    times.push(time)
  }
  return Float64Array.from(times)
}
