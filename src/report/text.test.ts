import { expect, test } from 'vitest'
import { HOSTILE, hostileReport, sampleReport } from '../../test/fixtures/sample-report.ts'
import { checkResult } from '../core/check.ts'
import { renderText } from './text.ts'

test('a run: the table of stages, what is not a pass with what to do, the environments', async () => {
  await expect(renderText(sampleReport)).toMatchFileSnapshot('../../test/golden/report.txt')
})

test('a step: the table of checks', () => {
  const step = sampleReport.children[0]!.children[0]!
  expect(renderText(step)).toMatchInlineSnapshot(`
    "validate-schema · data/raw/latest.parquet

       check           verdict  what was measured                                  time
    ✔  Column types    pass     All 14 columns have the type the schema asks for.
    ▲  hrat at most 3  warn     2 of 2,380 rows are above 3.
    ▲  total           warn     2,380 rows, 14 columns, 31 rules                   340 ms

    ▲ hrat at most 3 schema.maximum · warn
        2 of 2,380 rows are above 3.
        • row 17: hrat is 42 (maximum · data/raw/latest.parquet:17)
        hint      Raise the maximum in schemas/input.json if the value is real.
    "
  `)
})

test('colours only when asked for', () => {
  expect(renderText(sampleReport)).not.toContain('\u001b')
  expect(renderText(sampleReport, { color: true })).toContain('\u001b[31mfail\u001b[39m')
})

test('breaks the long column so that the table fits the terminal', () => {
  const long = { ...sampleReport, summary: 'word '.repeat(40).trim() }
  const table = renderText(long, { width: 80 }).split('\n\n')[1]!
  expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  expect(table.match(/word/g)).toHaveLength(40)
})

test('text from data cannot move the cursor, recolour or turn the writing direction', () => {
  expect(HOSTILE).toContain('\u001b[2J')
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  expect(renderText(hostileReport())).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202e]/)
})

test('shows a bounded number of findings and says how many more there are', () => {
  const findings = Array.from({ length: 9 }, (_, i) => ({ message: `row ${i}`, severity: 'error' as const }))
  const result = checkResult({ check: 'x', title: 'X', verdict: 'fail', message: 'bad', findings })
  const text = renderText({ ...sampleReport, kind: 'step', results: [result], children: [] }, { findings: 3 })
  expect(text).toContain('row 2')
  expect(text).not.toContain('row 3')
  expect(text).toContain('… and 6 more findings')
})

test('evidence, and why something was skipped, are for those who ask for more', () => {
  const more = renderText(sampleReport, { verbose: true })
  expect(more).toContain('\n      {"hrat":42}\n')
  expect(more).toContain('Feature importance model.importance · skip\n    The model has no importances of its own.')
  expect(more).not.toContain('--verbose')
})

test('a finding that says what the check says is not said twice; its rule is', () => {
  const message = 'REDUCE calls posix.system'
  const finding = { message, severity: 'error', rule: 'pickle.dangerous-call' } as const
  const result = checkResult({ check: 'scan.file', title: 'model.pkl', verdict: 'fail', message, findings: [finding] })
  const text = renderText({ ...sampleReport, results: [result], children: [] })
  expect(text.match(/REDUCE/g)).toHaveLength(1)
  expect(text).toContain('    rule      pickle.dangerous-call')
})

test('many that were skipped take one line', () => {
  const results = Array.from({ length: 9 }, (_, i) =>
    checkResult({ check: 'run.test', title: `test ${i}`, verdict: 'skip', message: 'no GPU' }),
  )
  const text = renderText({ ...sampleReport, results, children: [] })
  expect(text).toContain('– skipped: test 0, test 1, test 2, test 3, test 4, test 5, 3 more (--verbose says why)')
})

test('no line of a message stands where a line of ours begins', () => {
  const message = 'first\n::error::second'
  const result = checkResult({ check: 'x', title: 'X', verdict: 'fail', message, findings: [{ message, severity: 'error' }] })
  const text = renderText({ ...sampleReport, results: [result], children: [] }, { verbose: true })
  expect(text).toContain('\n    ::error::second')
  expect(text).toContain('\n      ::error::second')
})
