import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { stepContext } from '../../test/fixtures/step-context.ts'
import type { Report } from '../core/report.ts'
import { run } from './run.ts'

function project(files: Record<string, string> = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'plimsoll-run-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true })
    writeFileSync(join(cwd, path), text)
  }
  const said: string[] = []
  const context = stepContext(cwd, { say: (line) => void said.push(line) })
  const shell = (given: Record<string, unknown>): Promise<Report> => run.run(context, run.params.parse(given))
  return { cwd, said, shell }
}

const verdicts = (report: Report) =>
  Object.fromEntries(report.results.map(({ check, title, verdict }) => [check === 'run.test' ? title : check, verdict]))

// What pytest 7.2 writes, shortened.
const PYTEST = `<?xml version="1.0" encoding="utf-8"?><testsuites><testsuite name="pytest" errors="1" failures="1" skipped="1" tests="4" time="0.12">
<testcase classname="tests.test_x" name="test_ok" time="0.001" />
<testcase classname="tests.test_x" name="test_bad" time="0.002"><failure message="assert 1 == 2">def test_bad():
&gt;       assert 1 == 2
E       assert 1 == 2</failure></testcase>
<testcase classname="tests.test_x" name="test_skip" time="0.000"><skipped type="pytest.skip" message="no GPU">tests/test_x.py:9: no GPU</skipped></testcase>
<testcase classname="tests.test_x" name="test_fixture" time="0.001"><error message="failed on setup with &quot;OSError&quot;">OSError</error></testcase>
</testsuite></testsuites>`
const PASSING =
  '<testsuite name="s"><testcase name="one" time="0.5"/><testcase name="two" time="1.25" classname="deep"/></testsuite>'

test('the exit code is the verdict; output goes to the log', async () => {
  const { shell, said } = project()
  const good = await shell({ command: 'echo "hello $WHO"', env: { WHO: 'you' } })
  expect(good).toMatchObject({ verdict: 'pass', subject: { kind: 'command' }, details: { exitCode: 0 } })
  expect(said).toEqual(['hello you'])
  const bad = await shell({ command: 'echo the reason >&2; exit 4' })
  expect(bad).toMatchObject({ verdict: 'fail', summary: 'echo the reason >&2; exit 4: exit code 4' })
  expect(bad.results[0]!.findings[0]!.message).toBe('the reason')
})

test('a command that is not there, a timeout and a signal have not answered', async () => {
  const { shell, cwd } = project({ 'not-a-program': 'data' })
  await expect(shell({ command: 'plimsoll-no-such-program' })).rejects.toMatchObject({ code: 'E_COMMAND' })
  await expect(shell({ command: join(cwd, 'not-a-program') })).rejects.toThrow('cannot be run')
  await expect(shell({ command: 'true', workingDirectory: 'nowhere' })).rejects.toThrow('working directory does not exist')
  expect(await shell({ command: 'sleep 60', timeout: '200ms' })).toMatchObject({
    verdict: 'error',
    summary: 'sleep 60: stopped after 200 ms, its timeout',
  })
  expect(await shell({ command: 'kill -9 $$' })).toMatchObject({ verdict: 'error' })
})

test("pytest's file: each case with its time and message; error and failure are told apart", async () => {
  const { shell } = project({ 'made.xml': PYTEST })
  const report = await shell({ command: 'cat made.xml > results/unit.xml; exit 1', junit: 'results/unit.xml' })
  expect(verdicts(report)).toEqual({
    'run.exit-code': 'fail',
    'run.tests': 'error',
    'pytest › tests.test_x › test_ok': 'pass',
    'pytest › tests.test_x › test_bad': 'fail',
    'pytest › tests.test_x › test_skip': 'skip',
    'pytest › tests.test_x › test_fixture': 'error',
  })
  const bad = report.results.find(({ title }) => title.endsWith('test_bad'))!
  expect(bad).toMatchObject({ message: 'assert 1 == 2', durationMs: 2 })
  expect(bad.findings[0]!.message).toContain('>       assert 1 == 2')
  expect(report.summary).toContain('1 of 3 tests passed, 1 failed, 1 in error, 1 skipped')
})

test('the file that node itself writes', async () => {
  const { shell } = project({
    'a.test.js':
      "const { test, describe } = require('node:test'); describe('outer', () => { test('inner', () => {}); test.skip('later', () => {}) }); test('top', () => {})",
  })
  const report = await shell({
    command: `"${process.execPath}" --test --test-reporter junit --test-reporter-destination unit.xml a.test.js`,
    junit: 'unit.xml',
  })
  expect(report).toMatchObject({ verdict: 'pass', summary: '2 tests passed, 1 skipped' })
  expect(verdicts(report)).toMatchObject({ 'outer › inner': 'pass', 'outer › later': 'skip', top: 'pass' })
})

test.each([
  ['an old file does not count', 'true', 'is from an earlier run'],
  ['no file', 'rm -f unit.xml', 'did not write unit.xml'],
  ['no test case', 'echo "<testsuites/>" > unit.xml', 'holds no test case'],
  [
    'only skipped ones',
    `echo '<testsuite><testcase name="a"><skipped/></testcase></testsuite>' > unit.xml`,
    'All 1 tests were skipped',
  ],
  ['not XML', 'echo "<testsuite" > unit.xml', 'is not XML'],
  ['not JUnit', 'echo "<html/>" > unit.xml', 'is not a JUnit file'],
])('%s: an error although the command succeeded', async (_title, command, message) => {
  const { shell, cwd } = project({ 'unit.xml': PASSING })
  utimesSync(join(cwd, 'unit.xml'), 1e9, 1e9)
  const report = await shell({ command, junit: 'unit.xml' })
  expect(report.verdict).toBe('error')
  expect(report.results.map((result) => result.message).join('\n')).toContain(message)
})

test('the same results written again do count, from several files of a glob', async () => {
  const { shell } = project({ 'made.xml': PASSING, 'out/a.xml': PASSING, 'out/b.xml': PASSING })
  const report = await shell({ command: 'cp made.xml out/a.xml; cp made.xml out/c.xml', junit: ['out/*.xml'] })
  expect(report).toMatchObject({ verdict: 'pass', summary: '4 tests passed' })
})

test('each path must be written, not only one of them', async () => {
  const { shell } = project({ 'made.xml': PASSING })
  const report = await shell({ command: 'cp made.xml a.xml', junit: ['a.xml', 'b.xml'] })
  expect(report).toMatchObject({ verdict: 'error', summary: 'The command did not write b.xml, 2 tests passed' })
})

test('a minimum with nothing to hold it against is refused, not passed over', () => {
  const { error } = run.params.safeParse({ command: 'true', minCoverage: 80 })
  expect(error?.issues).toMatchObject([{ path: ['minCoverage'], message: expect.stringContaining('coverage too') as string }])
})

const ISTANBUL = JSON.stringify({
  total: { lines: { total: 200, covered: 170, pct: 85 }, branches: { total: 10, covered: 5, pct: 50 } },
})
const LCOV = 'TN:\nSF:a.js\nFNF:2\nFNH:1\nLF:10\nLH:9\nend_of_record\nSF:b.js\nLF:10\nLH:8\nend_of_record\n'
const COBERTURA =
  '<?xml version="1.0"?><coverage line-rate="0.85" lines-covered="17" lines-valid="20" branches-covered="0" branches-valid="0"><packages/></coverage>'

test.each([
  ['Istanbul', ISTANBUL],
  ['lcov', LCOV],
  ['Cobertura', COBERTURA],
])('coverage from %s, judged by a minimum', async (_format, text) => {
  const { shell } = project({ made: text })
  const given = { command: 'cp made coverage', coverage: 'coverage' }
  expect(await shell({ ...given, minCoverage: 85 })).toMatchObject({ verdict: 'pass', summary: '85.0 % of lines covered' })
  expect(await shell({ ...given, minCoverage: 85.1 })).toMatchObject({ verdict: 'fail' })
  const unjudged = await shell(given)
  expect(verdicts(unjudged)).toEqual({ 'run.exit-code': 'pass', 'run.coverage': 'pass' })
  expect(unjudged.results[1]!.message).toMatch(/no minimum is set/)
  expect(unjudged.results[1]!.measurements[0]).toMatchObject({ name: 'coverage of lines', value: 85, unit: '%' })
})

test.each([
  ['no line at all', '{"total":{"lines":{"total":0,"covered":0,"pct":100}}}', 'counts no lines'],
  ['something else', 'hello', 'holds no coverage totals'],
  ['broken JSON', '{"total":', 'is not JSON'],
])('coverage of %s is an error', async (_title, text, message) => {
  const { shell } = project({ made: text })
  const report = await shell({ command: 'cp made coverage', coverage: 'coverage', minCoverage: 0 })
  expect(report.verdict).toBe('error')
  expect(report.results[1]!.message).toContain(message)
})
