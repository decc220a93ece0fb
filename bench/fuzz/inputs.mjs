// The inputs of the fuzzer: each is made from the seed and its number alone, so one that fails can be made again.
import { mutate } from './mutations.mjs'
import { seed } from './seeds.mjs'

/**
 * The input of this number: bytes, the name that they are scanned under, and what they were made of.
 *
 * @param seededRandom `src/stats/random.ts`, from the source or as it was built
 */
export function inputOf(seededRandom, seedNumber, index) {
  const random = seededRandom((Math.imul(seedNumber, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) | 0)
  const first = seed(random)
  // One in eight stays as it is: what is valid must be read without an error too.
  if (random.integer(8) === 0) return first
  return { ...first, bytes: mutate(random, first.bytes, () => seed(random).bytes) }
}

/** What is wrong with the scan of an input; undefined when nothing is. */
export function faultOf(scan, milliseconds, hang = 2000) {
  if (scan.findings.some(({ rule }) => rule === 'scan.crashed')) return 'an exception in the scanner'
  if (milliseconds > hang) return `${Math.round(milliseconds)} ms`
  if (scan.verdict === 'pass' && scan.formats.length === 0) return 'a pass of a format that was not recognised'
  if (scan.verdict !== 'pass' && scan.findings.length === 0) return 'a verdict without a finding'
  return undefined
}
