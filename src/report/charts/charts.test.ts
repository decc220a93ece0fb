import { XMLValidator } from 'fast-xml-parser'
import { expect, test } from 'vitest'
import { HOSTILE } from '../../../test/fixtures/sample-report.ts'
import { categoryChart } from './category-chart.ts'
import { histogramChart } from './histogram-chart.ts'
import { missingBar } from './missing-bar.ts'

/** The rectangles of a class: x, width and height, from the paths that Vega writes. */
function rectangles(svg: string, name: string): { x: number; width: number; height: number }[] {
  const group = new RegExp(`role-mark ${name}"[^>]*>(.*?)</g>`).exec(svg)?.[1] ?? ''
  return [...group.matchAll(/d="M(-?[\d.]+),-?[\d.]+h(-?[\d.]+)v(-?[\d.]+)h/g)].map(([, x, width, height]) => ({
    x: Number(x),
    width: Number(width),
    height: Number(height),
  }))
}

test('a histogram shows each range with its share: bars stand side by side and are as high as they are frequent', async () => {
  const svg = await histogramChart({ edges: [0, 1, 2, 4], counts: [10, 20, 20] }, undefined, { name: 'age' })
  const bars = rectangles(svg, 'current')
  expect(bars).toHaveLength(3)
  const [first, second, third] = bars as [(typeof bars)[0], (typeof bars)[0], (typeof bars)[0]]
  expect(first.x + first.width).toBe(second.x)
  expect(second.x + second.width).toBe(third.x)
  expect(third.width / first.width).toBeCloseTo(2, 1)
  expect(second.height / first.height).toBeCloseTo(2, 1)
  // As many rows in a range twice as wide.
  expect(third.height / first.height).toBeCloseTo(1, 1)
  expect(svg).toContain('aria-label="age: 3 ranges from 0 to 4"')
  expect(svg).toMatch(/<text[^>]*>0<\/text>.*<text[^>]*>4<\/text>/)
})

test('the reference is a line over the bars, by share and not by count', async () => {
  const small = { edges: [0, 1, 2], counts: [1, 3] }
  const large = { edges: [0, 1, 2], counts: [1000, 3000] }
  const svg = await histogramChart(small, large, { name: 'x' })
  const line = /role-mark reference"[^>]*><path d="([^"]*)"/.exec(svg)![1]!
  const tops = [...line.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => ({ x: Number(x), y: Number(y) }))
  const bars = rectangles(svg, 'current')
  expect(tops[1]!.x).toBe(bars[0]!.x)
  expect(44 - tops[1]!.y).toBe(bars[0]!.height)
  expect(44 - tops[3]!.y).toBe(bars[1]!.height)
})

test('one value alone, no value at all, and times', async () => {
  expect(rectangles(await histogramChart({ edges: [5, 5], counts: [9] }, undefined, { name: 'x' }), 'current')).toHaveLength(1)
  expect(rectangles(await histogramChart({ edges: [0, 1], counts: [0] }, undefined, { name: 'x' }), 'current')).toHaveLength(0)
  const day = 86_400_000
  const svg = await histogramChart({ edges: [0, day, 2 * day], counts: [1, 1] }, undefined, { name: 'seen', time: true })
  expect(svg).toContain('from 1970-01-01 to 1970-01-03')
})

test('categories: the most frequent with their shares, the rest as one, and a mark for the reference', async () => {
  const values = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((value, i) => ({ value, rows: 40 - i }))
  const rows = 400
  const svg = await categoryChart({ values, rows }, { values: [{ value: 'a', rows: 1 }], rows: 2 }, { name: 'grade' })
  const bars = rectangles(svg, 'current')
  expect(bars).toHaveLength(6)
  expect(bars[5]!.width).toBeGreaterThan(bars[0]!.width)
  expect(svg).toContain('>others</text>')
  expect(svg).toContain('grade: a 10 %, b 9.8 %')
  expect([...svg.matchAll(/<line/g)]).toHaveLength(1)
})

test('what is missing at all is seen, and nothing is nothing', async () => {
  expect(rectangles(await missingBar(0.0001, 0, 'x'), 'missing')[0]!.width).toBe(1)
  expect(rectangles(await missingBar(0, undefined, 'x'), 'missing')[0]?.width ?? 0).toBe(0)
  expect(await missingBar(0.25, 0.5, 'x')).toContain('aria-label="x: 25 % missing, 50 % in the reference"')
})

test('drawings are the same each time, well-formed, and hold no colour, script or hostile markup', async () => {
  const drawings = async () => [
    await histogramChart({ edges: [0, 1], counts: [1] }, { edges: [0, 1], counts: [1] }, { name: HOSTILE }),
    await categoryChart({ values: [{ value: HOSTILE, rows: 1 }], rows: 1 }, undefined, { name: HOSTILE }),
    await missingBar(0.5, 0.5, HOSTILE),
  ]
  const first = await drawings()
  expect(await drawings()).toEqual(first)
  for (const svg of first) {
    expect(XMLValidator.validate(svg.replaceAll(/[\u0000-\u0008\u001b\ud800-\udfff]/g, ''))).toBe(true) // oxlint-disable-line no-control-regex
    expect(svg).not.toMatch(/<script|onload="x|(fill|stroke)="(?!none)|<image|href/)
  }
})
