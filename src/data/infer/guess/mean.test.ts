import { expect, test } from 'vitest'
import { seededRandom } from '../../../stats/random.ts'
import type { ObservedColumn } from '../observation.ts'
import { guessMean } from './mean.ts'

const ROWS = 2000
const FEWEST = 1000
const SAMPLES = 400

/** The range that is guessed for a sample. */
function rangeFor(values: readonly number[]): { min: number; max: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
  const numbers = { mean, standardDeviation: Math.sqrt(variance), zeros: 0, infinite: 0 }
  const column = { name: 'x', kind: 'number', distinct: values.length, numbers } as unknown as ObservedColumn
  const context = { column, rows: ROWS, present: ROWS, isKey: false, isPersonal: false, isCategory: false, fewestRows: FEWEST }
  return guessMean(context).rules![0]!.value as { min: number; max: number }
}

const random = seededRandom(20_260)
const exponential = () => -Math.log(1 - random.uniform())
const sample = (n: number, draw: () => number) => Array.from({ length: n }, draw)
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

test('the smallest sample that is admitted, from the same skewed distribution, passes; one that is shifted by a quarter does not', () => {
  let outside = 0
  let noticed = 0
  for (let i = 0; i < SAMPLES; i++) {
    const { min, max } = rangeFor(sample(ROWS, exponential))
    const mean = meanOf(sample(FEWEST, exponential))
    if (mean < min || mean > max) outside++
    if (mean + 0.3 > max) noticed++
  }
  // At 99.99 %, more than one of 400 is a chance of less than 1 in 1,000, and the distribution is not quite normal.
  expect(outside).toBeLessThanOrEqual(1)
  expect(noticed / SAMPLES).toBeGreaterThan(0.99)
})

test('with many rows a shift of less than a tenth of a standard deviation is let pass', () => {
  const numbers = { mean: 100, standardDeviation: 10, zeros: 0, infinite: 0 }
  const column = { name: 'x', kind: 'number', distinct: 1000, numbers } as unknown as ObservedColumn
  const rows = 10_000_000
  const context = { column, rows, present: rows, isKey: false, isPersonal: false, isCategory: false, fewestRows: rows / 2 }
  expect(guessMean(context).rules![0]!.value).toEqual({ min: 99, max: 101 })
})
