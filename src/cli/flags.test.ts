import { Command } from 'commander'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { Duration } from '../core/duration.ts'
import type { UserError } from '../core/errors.ts'
import { stepReport } from '../core/report.ts'
import { defineStep } from '../core/step.ts'
import { flagSpelling, flagsOf, formatDefault } from './flags.ts'
import { addStepCommand } from './step-command.ts'

const step = defineStep({
  name: 'weigh',
  summary: 'Weigh a model.',
  params: z.strictObject({
    testData: z.string().meta({ value: 'PATH' }).describe('Rows to weigh with'),
    threshold: z.number().min(0).max(1).default(0.8).describe('Least accuracy'),
    rounds: z.int().positive().optional().describe('How often'),
    evidence: z.enum(['interval', 'point']).default('interval').describe('How sure'),
    fast: z.boolean().default(false).describe('Skip the slow part'),
    strict: z.boolean().default(true).describe('Refuse what is odd'),
    sensitive: z.array(z.string()).default([]).describe('Columns'),
    quantiles: z.array(z.number()).optional().describe('Numbers'),
    junit: z
      .union([z.string(), z.array(z.string())])
      .optional()
      .describe('Files'),
    limits: z.record(z.string(), z.number()).optional().describe('Limit per name'),
    checks: z
      .array(z.strictObject({ maxShare: z.number() }))
      .optional()
      .describe('Specifications'),
    duration: Duration.prefault('60s').describe('How long'),
    warmup: Duration.default(2000).describe('How long before'),
    positive: z.union([z.string(), z.number()]).optional().describe('The class that counts'),
  }),
  argument: 'testData',
  examples: ['plimsoll weigh data/test'],
  reads: () => [],
  writes: () => [],
  run: () => Promise.resolve(stepReport({ name: 'weigh', summary: '', startedAt: new Date(0), durationMs: 0, results: [] })),
})

test('flags come from the schema, required ones first', () => {
  const lines = flagsOf(step).map((flag) => [flagSpelling(flag), flag.kind, flag.required, formatDefault(flag)].join(' | '))
  expect(lines).toEqual([
    '--test-data <PATH> | text | true | ',
    '--threshold <NUMBER> | number | false | 0.8',
    '--rounds <NUMBER> | number | false | ',
    '--evidence <NAME> | choice | false | interval',
    '--fast | switch | false | ',
    '--no-strict | switch | false | ',
    '--sensitive <LIST> | list | false | ',
    '--quantiles <LIST> | list | false | ',
    '--junit <LIST> | list | false | ',
    '--limits <NAME=VALUE> | map | false | ',
    '--checks <JSON> | json | false | ',
    '--duration <DURATION> | text | false | 60s',
    '--warmup <DURATION> | text | false | 2s',
    '--positive <TEXT> | text | false | ',
  ])
})

/** The parameters that a command line gives, or the error. */
async function parsed(line: readonly string[], env: Record<string, string> = {}): Promise<Record<string, unknown> | UserError> {
  let params: Record<string, unknown> = {}
  const program = new Command('plimsoll').exitOverride()
  addStepCommand(program, step, (given) => Promise.resolve(void (params = given)), env)
  try {
    await program.parseAsync(['weigh', ...line], { from: 'user' })
    return params
  } catch (error) {
    return error as UserError
  }
}

const DEFAULTS = {
  testData: 'd',
  threshold: 0.8,
  evidence: 'interval',
  fast: false,
  strict: true,
  sensitive: [],
  duration: 60_000,
  warmup: 2000,
}

test('defaults, and the positional argument', async () => {
  expect(await parsed(['--test-data', 'd'])).toEqual(DEFAULTS)
  expect(await parsed(['d'])).toEqual(DEFAULTS)
  expect(await parsed(['d', '--test-data', 'e'])).toMatchObject({ code: 'E_USAGE' })
})

test.each([
  [['--threshold', '0.9'], { threshold: 0.9 }],
  [['--fast', '--no-strict'], { fast: true, strict: false }],
  [['--sensitive', 'afam,single'], { sensitive: ['afam', 'single'] }],
  [['--sensitive', 'afam', '--sensitive', 'single'], { sensitive: ['afam', 'single'] }],
  [['--sensitive', '["a,b","c"]'], { sensitive: ['a,b', 'c'] }],
  [['--quantiles', '0.5,0.99'], { quantiles: [0.5, 0.99] }],
  [['--junit', 'a/*.{xml,json}', '--junit', 'b,c'], { junit: ['a/*.{xml,json}', 'b', 'c'] }],
  [['--limits', 'p99=20', '--limits', 'p50=5'], { limits: { p99: 20, p50: 5 } }],
  [['--limits', '{"p99":20}'], { limits: { p99: 20 } }],
  [['--checks', '[{"max-share":0.1}]'], { checks: [{ maxShare: 0.1 }] }],
  [['--duration', '2m'], { duration: 120_000 }],
  [['--positive', '1'], { positive: '1' }],
  [['--threshold', '0.9', '--threshold', '0.7'], { threshold: 0.7 }],
] as const)('%j', async (line, expected) => {
  expect(await parsed(['d', ...line])).toEqual({ ...DEFAULTS, ...expected })
})

test.each([
  [[], '--test-data <PATH> is missing: rows to weigh with.'],
  [['d', '--threshold', 'high'], '--threshold: a number is expected, given "high".'],
  [['d', '--threshold', '1.5'], '--threshold: must be at most 1, given 1.5.'],
  [['d', '--rounds', '1.5'], '--rounds: a whole number is expected, given 1.5.'],
  [['d', '--evidence', 'pint'], '--evidence: one of interval, point is expected, given "pint". Did you mean "point"?'],
  [['d', '--checks', '[{"max-share":"x"}]'], '--checks[0].max-share: a number is expected, given "x".'],
  [['d', '--checks', 'x'], '--checks: a list (a JSON list, or several with commas) is expected, given "x".'],
  [['d', '--duration', 'soon'], '--duration: "soon" is not a duration; write 500ms, 60s, 2m, 1h or 7d.'],
  [['d', '--limits', 'p99'], '--limits: NAME=VALUE or a JSON object is expected, given "p99".'],
] as const)('%j is a mistake that names the flag', async (line, message) => {
  expect(await parsed(line)).toMatchObject({ name: 'UserError', message, hint: 'See plimsoll weigh --help.' })
})

test('several mistakes are told together', async () => {
  const error = (await parsed(['--threshold', '7', '--rounds', '0'])) as UserError
  expect(error.message).toBe('3 flags of plimsoll weigh are not right:')
  expect(error.frame?.split('\n')).toHaveLength(3)
})

test('a secret comes from the environment, and its absence is told', async () => {
  expect(await parsed(['${secrets.WHERE}'], { WHERE: 'there' })).toMatchObject({ testData: 'there' })
  expect(await parsed(['${secrets.WHERE}'])).toMatchObject({ code: 'E_VALUE', message: 'The secret WHERE is not set.' })
})
