import { execFile as execFileWithCallback } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { packageRoot } from '../../src/drivers/self.ts'
import { cli, scratch } from './cli.ts'

const execFile = promisify(execFileWithCallback)
const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }

test('--version, also with other flags', async () => {
  const expected = { stdout: `${version}\n`, stderr: '', code: 0 }
  expect(await cli(scratch(), ['--version'])).toEqual(expected)
  expect(await cli(scratch(), ['-V'])).toEqual(expected)
  expect(await cli(scratch(), ['--no-color', '--version'])).toEqual(expected)
})

test('--help lists every command', async () => {
  const { stdout, stderr, code } = await cli(scratch(), ['--help'])
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
  expect(stdout).toMatchInlineSnapshot(`
    "Usage: plimsoll [options] [command]

    CI/CD for machine-learning models, with honest gates: every verdict says what it measured and how sure it is.

    Options:
      --cwd <FOLDER>         Work in this folder
      --json                 Print one JSON document on standard output
      --no-color             No colours (NO_COLOR does the same)
      -q, --quiet            No progress, only the result
      -v, --verbose          All output of the steps, and all measurements
      -y, --yes              Answer questions with yes
      -h, --help             Show help

    Quick start:
      test [predictions]     Test predictions that are in a file: every metric with its interval, and the verdicts
                             of the tests.

    Pipeline:
      run                    Run the pipeline of plimsoll.yaml.
      why <stage>            Say whether a stage would come from the cache, and why, field by field.
      audit                  Say of each gate on a model how often it would block a good one, and what it would
                             see.
      runs                   List or show the runs that there were.
      config                 Look at the pipeline file.

    Operation:
      doctor                 Check that the machine has what is needed; with --security, what is unsafe in the
                             repository and its workflows.
      models                 List, show or alias the registered models.
      test-sets              List how often each test set was used to decide.
      environments           List, show, start or stop the environments.
      scan                   Explain what the security scan finds in a file.
      keys                   Make and show the keys that models are signed with.
      approvals              List or grant approvals.
      card <version>         Write the card of a model version (mortgage/3, mortgage@champion) from its results.
      log                    Show the audit log: who did what, and when.
      fsck                   Look whether any record, model or result was changed or lost. Nothing is written.
      serve                  Serve a model over HTTP by the Open Inference Protocol v2.

    Data:
      data                   Profile data, guess its schema, or see what newer data would need changed.

    Steps:
      validate-schema        Check the rows, columns and keys of a data set against a JSON Schema.
      check-data-quality     Find what is wrong with data without being told what to look for, and what has
                             changed since a reference.
      shell [command]        Run a shell command, and read its test results and coverage.
      train                  Train a model with your own command, and record what went into it.
      evaluate               Score a model on labelled data: predictions, and metrics with their intervals.
      validate-model         Test a model against limits and against the champion, with how sure each verdict is.
      check-fairness         Compare how a model treats groups: selection, true-positive and false-positive rates.
      security-scan [model]  Look for code and traps in model files, without loading them.
      register-model         Keep a model as an immutable, numbered version with its lineage.
      sign [model]           Sign a model: its files, or all that is known of a registered version.
      verify [model]         Check the signatures of a model, and hold what was signed against a policy.
      build-image            Pack a model as an OCI artifact: the same input gives the same digest.
      deploy                 Move an environment to a model version without dropping a request.
      smoke-test             Check that an endpoint is ready, serves the model that it should, and predicts golden
                             rows as the model itself does.
      load-test              Put a load on an endpoint on a fixed schedule and judge its response times and errors
                             by their intervals.
      approve                Ask a person whether an environment may move to a release.
      verify-deployment      Check that an environment serves the release that it should, and predicts as the
                             model itself does.
      notify                 Tell people or systems how a run went, on Slack, by webhook, or on the terminal.
      rollback               Move an environment back to the release before, and check that it serves it.

    Commands:
      help [command]         Show the help of a command.

    Exit codes: 0 pass (warnings allowed), 1 a gate said no, 2 could not decide, 130 and 143 stopped by a signal.
    Start with "plimsoll run" in a folder that has a plimsoll.yaml. "plimsoll --version" prints the version.
    "
  `)
})

test('without a command: the help, on standard error, and nothing was decided', async () => {
  const { stdout, stderr, code } = await cli(scratch(), [])
  expect({ stdout, code }).toEqual({ stdout: '', code: 2 })
  expect(stderr).toContain('Usage: plimsoll')
})

test.each([
  [['rnu'], "Unknown command 'rnu'.", 'Did you mean run?'],
  [['run', '--brnach', 'main'], "Unknown option '--brnach'.", 'Did you mean --branch?'],
  [['run', '--max-parallel', '0'], "Option '--max-parallel <N>' argument '0' is invalid. A whole number from 1 is expected.", ''],
  [
    ['run', '--inconclusive', 'pass'],
    "Option '--inconclusive <POLICY>' argument 'pass' is invalid. block or warn is expected.",
    '',
  ],
  [['why'], "Missing required argument 'stage'.", ''],
  [['notify', '--to'], "Option '--to <NAME>' argument missing.", ''],
  [['notify', 'extra'], "Too many arguments for 'notify'. Expected 0 arguments but got 1.", ''],
  [['models', 'shwo'], "Unknown command 'models shwo'.", 'Did you mean "show"?'],
])('%j is not understood', async (line, message, hint) => {
  const { stdout, stderr, code } = await cli(scratch(), line)
  expect({ stdout, code }).toEqual({ stdout: '', code: 2 })
  expect(stderr).toBe(`error ${message} [E_USAGE]\n  hint: ${hint || `See plimsoll ${line[0]} --help.`}\n`)
})

test.each([
  [
    ['validate-schema', '--input', 'no.csv', '--schema', 'no.json'],
    { code: 'E_FILE_MISSING', hint: 'Looked for <dir>/no.json.' },
  ],
  [
    ['config', 'check'],
    { code: 'E_CONFIG', location: { file: 'plimsoll.yaml', line: 1 }, frame: expect.stringContaining('^') as string },
  ],
  [['evaluate', '--modle', 'x'], { code: 'E_USAGE', message: "Unknown option '--modle'.", hint: 'Did you mean --model?' }],
  [['shell'], { code: 'E_USAGE', hint: 'See plimsoll shell --help.' }],
])('with --json a mistake is one JSON document too: %j', async (line, expected) => {
  const { stdout, stderr, code } = await cli(scratch({ 'plimsoll.yaml': 'stages: { a: { steps: [nofity] } }' }), [
    ...line,
    '--json',
  ])
  expect(code).toBe(2)
  expect(stderr).toMatch(/^error /)
  const { schemaVersion, error } = JSON.parse(stdout) as { schemaVersion: number; error: Record<string, unknown> }
  expect(schemaVersion).toBe(1)
  expect(error).toMatchObject(expected)
})

test('a reader that goes away early does not turn a failed gate into a success', async () => {
  const folder = scratch()
  const program = `"${process.execPath}" "${join(packageRoot, 'bin/plimsoll.js')}"`
  const line = `set -o pipefail; ${program} shell 'exit 3' --json | head -c 1`
  expect(await execFile('bash', ['-c', line], { cwd: folder }).catch((error: { code: number }) => error)).toMatchObject({
    code: 1,
  })
})

test('--cwd, which must exist', async () => {
  const folder = scratch({ 'inner/plimsoll.yaml': 'stages: { a: { steps: [notify] } }' })
  expect(await cli(folder, ['config', 'check', '--cwd', 'inner'])).toMatchObject({ stderr: '', code: 0 })
  expect(await cli(folder, ['runs', '--cwd', 'outer'])).toEqual({
    stdout: '',
    stderr: 'error The folder of --cwd does not exist: outer [E_FILE_MISSING]\n  hint: Looked for <dir>/outer.\n',
    code: 2,
  })
})

test('a flag of a step may be called --version', async () => {
  const { stdout, stderr, code } = await cli(scratch(), ['deploy', '--environment', 'staging', '--version', 'mortgage/3'])
  expect({ stdout, code }).toEqual({ stdout: '', code: 2 })
  expect(stderr).toContain('The registry has no model "mortgage" [E_NOT_FOUND]')
})

test('colours when they are asked for, and not when they are refused', async () => {
  const escape = '\u001b['
  const line = ['notify', '--message', 'hello']
  expect((await cli(scratch(), line)).stdout).not.toContain(escape)
  expect((await cli(scratch(), line, { env: { FORCE_COLOR: '1' } })).stdout).toContain(escape)
  expect((await cli(scratch(), line, { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).not.toContain(escape)
  expect((await cli(scratch(), [...line, '--no-color'], { env: { FORCE_COLOR: '1' } })).stdout).not.toContain(escape)
})

test('lists are empty, not errors, where there is nothing yet', async () => {
  for (const command of ['runs', 'models', 'environments', 'approvals']) {
    const folder = scratch()
    expect(await cli(folder, [command, '--json'])).toEqual({ stdout: '[]\n', stderr: '', code: 0 })
    expect(await cli(folder, [command])).toMatchObject({ stdout: expect.stringMatching(/^No /) as string, stderr: '', code: 0 })
  }
})
