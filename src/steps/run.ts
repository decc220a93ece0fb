import { dirname, resolve } from 'node:path'
import { isDynamicPattern } from 'tinyglobby'
import { z } from 'zod'
import { Duration, formatDuration } from '../core/duration.ts'
import { stepReport } from '../core/report.ts'
import { defineStep, type Resource } from '../core/step.ts'
import { makeFolder } from '../drivers/files.ts'
import { commandResult, runCommand } from './command.ts'
import { coverageResults, describeTests, testResults } from './run-results.ts'
import { filesBeforeEach } from './result-files.ts'

const Paths = z
  .union([z.string(), z.array(z.string())])
  .transform((paths) => (typeof paths === 'string' ? [paths] : paths))
  .default([])

const params = z
  .strictObject({
    command: z.string().min(1).meta({ value: 'COMMAND' }).describe('The command, as the shell takes it'),
    workingDirectory: z.string().default('.').meta({ value: 'FOLDER' }).describe('Where it runs, relative to the project folder'),
    env: z.record(z.string(), z.string()).default({}).meta({ value: 'NAME=VALUE' }).describe('Further environment variables'),
    timeout: Duration.optional().meta({ value: 'DURATION' }).describe('Stop it after this long, for example 10m'),
    junit: Paths.meta({ value: 'FILE' }).describe('JUnit files that it writes; each test case becomes a result'),
    coverage: Paths.meta({ value: 'FILE' }).describe('Coverage files that it writes: Istanbul summary, lcov or Cobertura'),
    minCoverage: z
      .number()
      .min(0)
      .max(100)
      .optional()
      .meta({ value: 'PERCENT' })
      .describe('The least share of lines that the tests must cover'),
  })
  .refine(({ minCoverage, coverage }) => minCoverage === undefined || coverage.length > 0, {
    path: ['minCoverage'],
    message: 'there is nothing to hold it against: name the file of the coverage too',
  })

const reportFile = (path: string): Resource => ({ kind: 'file', path, volatile: true })

export const run = defineStep({
  name: 'run',
  commandName: 'shell',
  summary: 'Run a shell command, and read its test results and coverage.',
  params,
  argument: 'command',
  examples: [
    'plimsoll shell "npm test"',
    'plimsoll shell "pytest --junitxml results/unit.xml" --junit results/unit.xml',
    'plimsoll shell "npx c8 -r json-summary node --test" --coverage coverage/coverage-summary.json --min-coverage 80',
  ],
  reads: () => [{ kind: 'unknown', why: 'what its command reads is not declared: add `reads` to the stage', declarable: true }],
  writes: ({ junit, coverage }) => [...junit, ...coverage].map(reportFile),
  async run(context, { command, workingDirectory, env, timeout, junit, coverage, minCoverage }) {
    const { cwd, clock } = context
    const [startedAt, start] = [clock.now(), clock.monotonic()]
    for (const path of [...junit, ...coverage]) {
      if (!isDynamicPattern(path)) await makeFolder(dirname(resolve(cwd, path)))
    }
    const [testsBefore, coverageBefore] = [await filesBeforeEach(cwd, junit), await filesBeforeEach(cwd, coverage)]
    const ended = await runCommand(context, { command, workingDirectory, env, timeout })
    const outcome = commandResult('run.exit-code', command, ended, timeout)
    const isDone = outcome.verdict === 'pass'
    const tests = await testResults(cwd, testsBefore, isDone)
    const covered = await coverageResults(cwd, coverageBefore, minCoverage, isDone)
    const results = [outcome, ...tests.results, ...covered.results]
    // What went wrong comes first; one test that did is in the count of all.
    const trouble = isDone ? results.find(({ verdict, check }) => verdict === 'error' && check !== 'run.test') : outcome
    const measured = [
      ...(trouble ? [trouble.message] : []),
      ...(tests.total > 0 ? [describeTests(tests.counts)] : []),
      ...(covered.lines === null ? [] : [`${covered.lines.toFixed(1)} % of lines covered`]),
    ]
    return stepReport({
      name: 'run',
      summary: measured.length === 0 ? outcome.message : [...new Set(measured)].map((part) => part.replace(/\.$/, '')).join(', '),
      startedAt,
      durationMs: clock.monotonic() - start,
      results,
      subject: { kind: 'command', name: command },
      details: { exitCode: ended.exitCode, duration: formatDuration(ended.durationMs) },
    })
  },
})
