import { expect, test } from 'vitest'
import { Duration, formatDuration, parseDuration } from './duration.ts'

test.each([
  ['500ms', 500],
  ['60s', 60_000],
  ['1.5m', 90_000],
  ['2h', 7_200_000],
  ['7d', 604_800_000],
  [30, 30_000],
  ['', undefined],
  ['10 parsecs', undefined],
  ['-5s', undefined],
])('%s is %s ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

test('a duration that is none says how to write one', () => {
  expect(Duration.safeParse('soon').error?.issues[0]?.message).toBe('"soon" is not a duration; write 500ms, 60s, 2m, 1h or 7d')
})

test.each([
  [340.4, '340 ms'],
  [2_440, '2.4 s'],
  [65_000, '1 m 05 s'],
  [119_700, '2 m 00 s'],
  [3_599_600, '1 h 00 m'],
  [360_000_000, '100 h 00 m'],
])('%s ms reads %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})
