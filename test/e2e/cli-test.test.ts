import { expect, test } from 'vitest'
import { cli, scratch } from './cli.ts'

/** 400 customers; `p` is right in 9 of 10 rows, and `score` says how sure it is. */
const rows = Array.from({ length: 400 }, (_, i) => {
  const yes = i % 3 === 0
  const said = i % 10 === 7 ? !yes : yes
  return { id: `c${i}`, y: yes ? 'yes' : 'no', p: said ? 'yes' : 'no', score: (said ? 0.6 : 0.1) + (i % 7) / 20 }
})
type Row = (typeof rows)[number]
const csv = (names: readonly (keyof Row)[], of: readonly Row[] = rows) =>
  `${[names.join(','), ...of.map((row) => names.map((name) => row[name]).join(','))].join('\n')}\n`

test('plimsoll test FILE prints every metric with its interval and n, and the verdicts of the tests', async () => {
  const folder = scratch({ 'predictions.csv': csv(['y', 'p']) })
  const { stdout, stderr, code } = await cli(folder, ['test', 'predictions.csv', '--label', 'y', '--prediction', 'p'])
  expect(stdout).toMatch(
    /^predictions\.csv · 400 rows · classification, "yes" \(positive\) against "no"\n\nmetric +value +95 % interval +n\n/,
  )
  expect(stdout).toMatch(/^Accuracy +0\.9000 +\[0\.867, 0\.926\] +400$/m)
  expect(stdout).toMatch(/^✔ {2}Accuracy threshold +pass +Accuracy 0\.9000 >= threshold 0\.8$/m)
  expect(stderr).toContain('No limits were given, so these are the defaults')
  expect(code).toBe(0)
})

test('limits decide, and nothing is said of defaults; --json is one document that holds the metrics', async () => {
  const folder = scratch({ 'predictions.csv': csv(['y', 'score']) })
  const line = ['test', 'predictions.csv', '--label', 'y', '--probability', 'score', '--tests', 'accuracy>=0.99']
  const { stderr, code } = await cli(folder, line)
  expect({ stderr, code }).toEqual({ stderr: '', code: 1 })
  const { stdout } = await cli(folder, [...line, '--json'])
  const report = JSON.parse(stdout) as { name: string; verdict: string; details: Record<string, unknown> }
  expect(report).toMatchObject({ name: 'test', verdict: 'fail', details: { task: 'classification', positive: 'yes' } })
  expect(report.details['metrics']).toContainEqual(expect.objectContaining({ name: 'accuracy', value: 0.9, n: 400 }))
})

test('predictions beside the data are found by id, and the report is the same in any order', async () => {
  const folder = scratch({
    'data.csv': csv(['id', 'y']),
    'predictions.csv': csv(['id', 'p', 'score'], rows.toReversed()),
    'short.csv': csv(['id', 'p'], rows.slice(2)),
  })
  const line = ['--test-data', 'data.csv', '--id', 'id', '--label', 'y', '--prediction', 'p', '--quiet']
  const { stdout, code } = await cli(folder, ['test', 'predictions.csv', ...line, '--probability', 'score'])
  expect(stdout).toMatch(/^Accuracy +0\.9000 +\[0\.867, 0\.926\] +400$/m)
  expect(stdout).toMatch(/^ROC AUC /m)
  expect(code).toBe(0)
  const short = await cli(folder, ['test', 'short.csv', ...line])
  expect(short.stderr).toContain('short.csv has no prediction for 2 rows of the data: id c0, c1 [E_PREDICTOR]')
  expect({ stdout: short.stdout, code: short.code }).toEqual({ stdout: '', code: 2 })
})

test('what is not clear is asked, and nothing is guessed', async () => {
  const folder = scratch({ 'predictions.csv': csv(['id', 'p', 'score']), 'labelled.csv': csv(['y', 'p', 'score']) })
  const said = async (...line: string[]) => (await cli(folder, ['test', ...line])).stderr
  expect(await said('predictions.csv', '--prediction', 'p')).toMatchInlineSnapshot(`
    "error Which column of predictions.csv is the label? [E_USAGE]
      hint: Give --label; the columns are id, p, score.
    "
  `)
  expect(await said('labelled.csv')).toMatchInlineSnapshot(`
    "error labelled.csv has neither a column "prediction" nor columns "probability_<class>" [E_COLUMN_MISSING]
      hint: It has: y, p, score. Name one with --prediction or --probability.
    "
  `)
  expect(await said('labelled.csv', '--prediction', 'score')).toMatchInlineSnapshot(`
    "error "score" of labelled.csv holds numbers between 0 and 1 such as 0.6, and the label is no or yes: these look like probabilities, not classes [E_VALUE]
      hint: Give --probability score instead, with --positive if they are not about "yes".
    "
  `)
  expect(await said()).toContain('--predictions <FILE> is missing')
})
