import { expect, test } from 'vitest'
import type { Report } from '../../src/core/report.ts'
import { flagsOf } from '../../src/cli/flags.ts'
import { commandName } from '../../src/cli/step-command.ts'
import { loadSteps } from '../../src/steps/index.ts'
import { cli, scratch } from './cli.ts'

const steps = await loadSteps()

const FILES = {
  'data.csv': 'id,x,y\n1,0.1,no\n2,0.9,yes\n3,0.2,no\n4,0.8,yes\n',
  'predictions.csv': 'id,prediction,probability_yes,probability_no\n1,no,0.1,0.9\n2,yes,0.9,0.1\n3,no,0.2,0.8\n4,yes,0.8,0.2\n',
  'schema.json': '{"type":"object","properties":{"x":{"type":"number","maximum":1}}}',
  'strict.json': '{"type":"object","properties":{"x":{"type":"number","maximum":0.5}}}',
}
const MODEL = ['--model', 'predictions.csv', '--test-data', 'data.csv']

test('the steps are those of the design', () => {
  expect(steps.map(({ name }) => name).join(' ')).toBe(
    'validate-schema check-data-quality run train evaluate validate-model check-fairness security-scan register-model sign verify ' +
      'build-image deploy smoke-test load-test approve verify-deployment notify rollback',
  )
})

test.each(steps.map((step) => [commandName(step), step] as const))(
  '%s --help names every flag and shows an example',
  async (command, step) => {
    const { stdout, stderr, code } = await cli(scratch(), [command, '--help'])
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    for (const { name } of flagsOf(step)) expect(stdout).toMatch(new RegExp(`--(no-)?${name}\\b`))
    expect(stdout).toContain(`  $ plimsoll ${command}`)
  },
)

test('no step takes a flag that every command has', () => {
  const taken = new Set(['cwd', 'json', 'color', 'quiet', 'verbose', 'yes', 'help', 'inconclusive'])
  expect(steps.flatMap((step) => flagsOf(step).filter(({ name }) => taken.has(name)))).toEqual([])
})

/** Command line, the first line of the message, and what the hint begins with. */
const MISTAKES: readonly (readonly [line: readonly string[], message: string, hint?: string])[] = [
  // A missing file.
  [
    ['validate-schema', '--input', 'no.csv', '--schema', 'schema.json'],
    'There is no data at no.csv [E_FILE_MISSING]',
    'Looked for <dir>/no.csv.',
  ],
  [['validate-schema', '--input', 'data.csv', '--schema', 'no.json'], 'The schema does not exist: no.json [E_FILE_MISSING]'],
  [['check-data-quality', '--input', 'no.csv'], 'There is no data at no.csv [E_FILE_MISSING]'],
  [
    ['train', '--command', 'true', '--config', 'no.json', '--model', 'm.onnx'],
    'The training configuration does not exist: no.json [E_FILE_MISSING]',
  ],
  [
    ['evaluate', '--model', 'no.onnx', '--test-data', 'data.csv', '--label', 'y'],
    'The model does not exist: no.onnx [E_FILE_MISSING]',
  ],
  [
    ['validate-model', '--model', 'no.onnx', '--test-data', 'data.csv', '--label', 'y'],
    'The model does not exist: no.onnx [E_FILE_MISSING]',
  ],
  [
    ['check-fairness', '--model', 'no.onnx', '--test-data', 'data.csv', '--label', 'y', '--sensitive', 'id'],
    'The model does not exist: no.onnx [E_FILE_MISSING]',
  ],
  [['security-scan', 'no.pkl'], 'The model does not exist: no.pkl [E_FILE_MISSING]'],
  [['register-model', '--name', 'm', '--model', 'no.onnx'], 'The model does not exist: no.onnx [E_FILE_MISSING]'],
  [['build-image', '--model', 'no.onnx'], 'The model does not exist: no.onnx [E_FILE_MISSING]'],
  [['notify', '--report', 'no.json'], 'The report does not exist: no.json [E_FILE_MISSING]'],
  // A wrong column.
  [
    ['check-data-quality', '--input', 'data.csv', '--label', 'z'],
    'data.csv has no column "z" [E_COLUMN_MISSING]',
    'Did you mean "x"?',
  ],
  [['evaluate', ...MODEL, '--label', 'z'], 'data.csv has no column "z" for the label [E_COLUMN_MISSING]'],
  [['validate-model', ...MODEL, '--label', 'z'], 'data.csv has no column "z" for the label [E_COLUMN_MISSING]'],
  [['check-fairness', ...MODEL, '--label', 'y', '--sensitive', 'race'], 'data.csv has no column "race" [E_COLUMN_MISSING]'],
  // A bad value.
  [
    ['validate-schema', '--input', 'data.csv', '--schema', 'schema.json', '--examples', 'many'],
    '--examples: a number is expected, given "many". [E_VALUE]',
    'See plimsoll validate-schema --help.',
  ],
  [
    ['check-data-quality', '--input', 'data.csv', '--min-class-share', '7'],
    '--min-class-share: must be at most 1, given 7. [E_VALUE]',
    'See plimsoll check-data-quality --help.',
  ],
  [
    ['check-data-quality', '--input', 'data.csv', '--fail', 'duplicats'],
    '--fail: one of rows, missing, missing-pattern, missing-spellings, duplicates, key, guessed-keys, constant, near-constant, identifiers, ' +
      'mixed-types, spelling-variants, outliers, implausible-dates, personal-data, class-balance, conflicting-labels, label-leakage, ' +
      'shared-rows, shared-keys, time-overlap, drift is expected, given "duplicats". Did you mean "duplicates"? [E_VALUE]',
  ],
  [['evaluate', ...MODEL, '--label', 'y', '--positive', 'maybe'], '"maybe" is not a class of the label: "no", "yes" [E_VALUE]'],
  [
    ['validate-model', ...MODEL, '--label', 'y', '--threshold', 'high'],
    '--threshold: a number is expected, given "high". [E_VALUE]',
  ],
  [['shell'], '--command <COMMAND> is missing: the command, as the shell takes it. [E_USAGE]', 'See plimsoll shell --help.'],
  [['check-fairness', ...MODEL, '--label', 'y'], '--sensitive <COLUMNS> is missing: '],
  [['register-model', '--name', 'a b', '--model', 'predictions.csv'], '"a b" cannot be the name of a model [E_VALUE]'],
  [
    ['load-test', '--environment', 'staging', '--test-data', 'data.csv', '--duration', 'soon'],
    '--duration: "soon" is not a duration; write 500ms, 60s, 2m, 1h or 7d. [E_VALUE]',
  ],
  [
    ['notify', '--to', 'slak'],
    '--to: one of terminal, slack, webhook is expected, given "slak". Did you mean "slack"? [E_VALUE]',
  ],
  [['notify', '--to', 'slack'], 'A message to slack needs the address of the webhook. [E_VALUE]'],
  // Something that is not there.
  [['deploy', '--environment', 'staging', '--version', 'nobody/3'], 'The registry has no model "nobody" [E_NOT_FOUND]'],
  [['verify-deployment', '--environment', 'production'], 'There is no environment production [E_NOT_FOUND]'],
  [['rollback', '--environment', 'production'], 'There is no environment production [E_NOT_FOUND]'],
  [
    ['approve', '--environment', 'production'],
    'It is not known which model version to take: results/model-version.json does not exist [E_FILE_MISSING]',
  ],
  [
    ['smoke-test', '--endpoint', 'http://127.0.0.1:9', ...MODEL],
    'http://127.0.0.1:9/v2/health/ready cannot be reached: bad port [E_NETWORK]',
  ],
]

test.each(MISTAKES.map(([line, message, hint]) => [line.join(' '), line, message, hint] as const))(
  '%s',
  async (_title, line, message, hint) => {
    const { stdout, stderr, code } = await cli(scratch(FILES), line)
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 })
    expect(stderr.slice(0, `error ${message}`.length)).toBe(`error ${message}`)
    expect(stderr).toContain(hint === undefined ? '  hint: ' : `  hint: ${hint}`)
    expect(stderr).not.toMatch(/\bat .*\.js:|This is a bug/)
  },
)

test('several flags that are missing are told together', async () => {
  expect(await cli(scratch(FILES), ['validate-schema'])).toMatchInlineSnapshot(`
    {
      "code": 2,
      "stderr": "error 2 flags of plimsoll validate-schema are not right: [E_USAGE]

      - --input <PATH> is missing: the data: Parquet, CSV, TSV, JSON Lines or Arrow: a file, a folder, a glob, a URL or s3://BUCKET/KEY.
      - --schema <FILE> is missing: JSON Schema (draft 2020-12) for one row.

      hint: See plimsoll validate-schema --help.
    ",
      "stdout": "",
    }
  `)
})

test('a gate that says no: exit code 1, what was found on standard output', async () => {
  expect(await cli(scratch(FILES), ['validate-schema', '--input', 'data.csv', '--schema', 'strict.json'])).toMatchInlineSnapshot(`
    {
      "code": 1,
      "stderr": "",
      "stdout": "validate-schema · data.csv

       check     verdict  what was measured                                time
    ✔  Rows      pass     4 rows judged, each by every rule.
    ✔  Columns   pass     3 columns; not in the schema: id, y.
    ✖  Column x  fail     2 rows (50 %) break maximum 0.5.
    ✖  total     fail     4 rows, 3 columns, 2 rules: 2 rows break 1 rule <time>

    ✖ Column x schema.column · fail
        2 rows (50 %) break maximum 0.5.
        measured  rows that break maximum 2 rows, n = 4
        at        strict.json:1:53
        • 2 rows (50 %) break maximum 0.5: line 3: 0.9, line 5: 0.8 (x: maximum 0.5 · strict.json:1:53)
    ",
    }
  `)
})

test('--json prints the report and nothing else', async () => {
  const { stdout, stderr, code } = await cli(scratch(FILES), [
    'validate-schema',
    '--input',
    'data.csv',
    '--schema',
    'schema.json',
    '--json',
  ])
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
  expect(JSON.parse(stdout) as Report).toMatchObject({ schemaVersion: 1, kind: 'step', name: 'validate-schema', verdict: 'pass' })
})

test('the output of a command is talk: it goes to standard error, and --quiet leaves it out', async () => {
  const loud = await cli(scratch(), ['shell', 'echo from the command'])
  expect(loud).toMatchObject({ stderr: 'from the command\n', code: 0 })
  expect(loud.stdout).toContain('exit code 0')
  expect(await cli(scratch(), ['shell', 'echo from the command', '--quiet'])).toMatchObject({ stderr: '', code: 0 })
})
