import { expect, test } from 'vitest'
import { estimate, estimateDifference, valueOf } from './estimate.ts'
import { wilson } from './proportion.ts'
import { seededRandom } from './random.ts'
import { aucInterval, rocAuc } from './roc-auc.ts'
import type { SampleDesign, Statistic } from './statistic.ts'

const random = seededRandom(5)
const ROWS = 60
const scores = Float64Array.from({ length: ROWS }, () => Math.round(8 * random.normal()) / 8)
const truth = Uint8Array.from(scores, (score) => (score + random.normal() > 0.5 ? 1 : 0))
const hits = Uint8Array.from(truth, (is, row) => (is === (scores[row]! > 0.3 ? 1 : 0) ? 1 : 0))
const losses = Float64Array.from(scores, (score, row) => (score - truth[row]!) ** 2)

/** One statistic of every form, of the same rows. */
const FORMS: Record<Statistic['kind'], Statistic> = {
  rate: { kind: 'rate', hits, counted: null },
  cells: {
    kind: 'cells',
    cells: Int32Array.from(truth, (is, row) => 2 * is + hits[row]!),
    size: 4,
    at: (c) => c[3]! / (c[2]! + c[3]!) / 2 + c[1]! / (c[0]! + c[1]!) / 2,
  },
  means: { kind: 'means', terms: [losses], at: (means) => Math.sqrt(means[0]!), range: [0, Infinity] },
  area: { kind: 'area', curves: [{ scores, side: truth, share: 1 }] },
  rows: {
    kind: 'rows',
    rowCount: ROWS,
    at: (weights) => {
      let [sum, total] = [0, 0]
      for (let row = 0; row < ROWS; row++) {
        sum += weights[row]! * Math.abs(losses[row]! - 1)
        total += weights[row]!
      }
      return sum / total
    },
    range: [0, Infinity],
  },
}
const FORM_NAMES = Object.keys(FORMS) as Statistic['kind'][]
const none: SampleDesign = { weights: null, clusters: null }
const clusters = Int32Array.from({ length: ROWS }, (_, row) => Math.floor(row / 3))

test.each(FORM_NAMES)('%s: the interval holds the value, and is the same again for the same seed', (form) => {
  for (const design of [none, { weights: null, clusters }, { weights: losses.map((x) => 1 + x), clusters: null }]) {
    const { value, interval, n } = estimate(FORMS[form], design)
    expect(value).toBeCloseTo(valueOf(FORMS[form], design.weights), 12)
    expect(interval!.lower! < value && value < interval!.upper!).toBe(true)
    expect(n).toBe(ROWS)
    expect(estimate(FORMS[form], design)).toEqual({ value, interval, n })
    expect(estimate(FORMS[form], design, { confidence: 0.8 }).interval!.lower).toBeGreaterThan(interval!.lower!)
  }
})

test.each(FORM_NAMES)('%s: a weight of 2 counts as the row there twice, and no weight as the row not there', (form) => {
  const weights = Float64Array.from({ length: ROWS }, (_, row) => row % 3)
  const statistic = FORMS[form]
  const rows = [...weights.keys()].flatMap((row) => Array<number>(weights[row]!).fill(row))
  expect(valueOf(statistic, weights)).toBeCloseTo(valueOf(onRows(statistic, rows)), 12)
})

test('a rate has the interval of Wilson, an area nearly that of DeLong', () => {
  const right = hits.reduce((sum, is) => sum + is, 0)
  expect(estimate(FORMS.rate).interval).toEqual(wilson(right, ROWS))
  const normal = aucInterval(rocAuc(scores, (row) => truth[row] === 1)!)
  const { lower, upper } = estimate(FORMS.area).interval!
  expect((upper! - lower!) / (normal.upper - normal.lower)).toBeGreaterThan(1)
  expect((upper! - lower!) / (normal.upper - normal.lower)).toBeLessThan(1.1)
})

test('the interval of Clopper and Pearson can be had instead, and is wider under every design', () => {
  for (const design of [none, { weights: null, clusters }, { weights: losses.map((x) => 1 + x), clusters: null }]) {
    const [usual, exact] = (['wilson', 'clopper-pearson'] as const).map(
      (rateInterval) => estimate(FORMS.rate, design, { rateInterval }).interval!,
    )
    expect(exact!.method).toMatch(/^clopper-pearson/)
    expect(exact!.upper! - exact!.lower!).toBeGreaterThan(usual!.upper! - usual!.lower!)
  }
})

test.each(FORM_NAMES)('%s: a model does not differ from itself, and yet a few rows do not prove it', (form) => {
  for (const design of [none, { weights: null, clusters }, { weights: losses.map((x) => 1 + x), clusters: null }]) {
    const { value, interval, pValue } = estimateDifference(FORMS[form], FORMS[form], design)
    expect(value).toBe(0)
    expect(pValue).toBe(1)
    expect(interval!.lower).toBeLessThan(-0.005)
    expect(interval!.upper).toBeGreaterThan(0.005)
    expect(interval!.upper).toBeLessThan(1)
  }
})

test.each(FORM_NAMES)('%s: the difference of b from a mirrors that of a from b', (form) => {
  for (const design of [none, { weights: null, clusters }, { weights: losses.map((x) => 1 + x), clusters: null }]) {
    const worse = shifted(FORMS[form])
    const [ab, ba] = [estimateDifference(FORMS[form], worse, design), estimateDifference(worse, FORMS[form], design)]
    expect(ab.value).toBeCloseTo(valueOf(FORMS[form], design.weights) - valueOf(worse, design.weights), 12)
    expect(ab.value).toBe(-ba.value)
    expect(ab.test).toBe(ba.test)
    expect(ab.pValue).toBeCloseTo(ba.pValue!, 12)
    expect(ab.interval!.lower! <= ab.value && ab.value <= ab.interval!.upper!).toBe(true)
    expect(ab.interval!.lower).toBeCloseTo(-ba.interval!.upper!, 9)
  }
})

/** The same statistic where these rows are the sample. */
function onRows(statistic: Statistic, rows: readonly number[]): Statistic {
  switch (statistic.kind) {
    case 'rate':
      return { ...statistic, hits: Uint8Array.from(rows, (row) => statistic.hits[row]!) }
    case 'cells':
      return { ...statistic, cells: Int32Array.from(rows, (row) => statistic.cells[row]!) }
    case 'means':
      return { ...statistic, terms: statistic.terms.map((term) => Float64Array.from(rows, (row) => term[row]!)) }
    case 'area':
      return {
        ...statistic,
        curves: statistic.curves.map(({ scores: s, side, share }) => ({
          share,
          scores: Float64Array.from(rows, (row) => s[row]!),
          side: Uint8Array.from(rows, (row) => side[row]!),
        })),
      }
    default: {
      const times = new Float64Array(statistic.rowCount)
      for (const row of rows) times[row]!++
      return { ...statistic, at: () => statistic.at(times) }
    }
  }
}

/** What another model would give: every fifth row is answered as its neighbour is, and its truth stays. */
function shifted(statistic: Statistic): Statistic {
  const rows = Array.from({ length: ROWS }, (_, row) => (row % 5 === 0 ? (row + 7) % ROWS : row))
  if (statistic.kind === 'area') {
    return {
      ...statistic,
      curves: statistic.curves.map((curve) => ({ ...curve, scores: Float64Array.from(rows, (row) => scores[row]!) })),
    }
  }
  if (statistic.kind === 'cells') {
    return { ...statistic, cells: Int32Array.from(truth, (is, row) => 2 * is + hits[rows[row]!]!) }
  }
  if (statistic.kind !== 'rows') return onRows(statistic, rows)
  const again = new Float64Array(ROWS)
  return {
    ...statistic,
    at: (weights) => {
      again.fill(0)
      for (const [row, from] of rows.entries()) again[from]! += weights[row]!
      return statistic.at(again)
    },
  }
}
