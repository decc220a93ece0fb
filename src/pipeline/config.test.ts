import Ajv from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { UserError } from '../core/errors.ts'
import { Duration } from '../core/duration.ts'
import { stepReport } from '../core/report.ts'
import { defineStep, file, type Step } from '../core/step.ts'
import { editorSchema, parsePipeline } from './config.ts'

const steps = [
  defineStep({
    name: 'evaluate',
    summary: 'Score test data.',
    params: z.strictObject({
      testData: z.string().describe('The data.'),
      threshold: z.number().min(0).max(1).default(0.8).describe('The least accuracy.'),
      wait: Duration.default(1000).describe('How long to wait.'),
      mode: z.enum(['fast', 'exact']).default('fast').describe('How to score.'),
    }),
    examples: [],
    reads: ({ testData }) => [file(testData)],
    writes: () => [file('results/metrics.json')],
    run: () => Promise.resolve(stepReport({ name: 'evaluate', summary: '', startedAt: new Date(0), durationMs: 0, results: [] })),
  }) as unknown as Step,
  defineStep({
    name: 'run',
    commandName: 'shell',
    summary: 'Run a command.',
    params: z.strictObject({
      command: z.string().describe('The command.'),
      env: z.record(z.string(), z.string()).default({}).describe('Variables.'),
      url: z.url().optional().describe('An address.'),
      files: z
        .union([z.string(), z.array(z.string())])
        .default([])
        .describe('Files.'),
    }),
    argument: 'command',
    examples: [],
    reads: () => [],
    writes: () => [],
    run: () => Promise.resolve(stepReport({ name: 'run', summary: '', startedAt: new Date(0), durationMs: 0, results: [] })),
  }) as unknown as Step,
]

const load = (text: string, env: Record<string, string> = {}) =>
  parsePipeline(text, '/project/plimsoll.yaml', { steps, env, display: 'plimsoll.yaml' })

function mistakeOf(text: string, env: Record<string, string> = {}): UserError {
  try {
    load(text, env)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('no mistake was found')
}

/** The error as a reader sees it. */
function shown(text: string, env: Record<string, string> = {}): string {
  const { code, message, location, frame } = mistakeOf(text, env)
  return `${code} ${location ? `${location.file}:${location.line}:${location.column} ` : ''}${message}\n${frame}`
}

test('a pipeline: parameters by their names in code, defaults, variables, the text of env values', () => {
  const pipeline = load(
    `
name: mortgage
env: { VERSION: 1.10, ON: true }
stages:
  first:
    timeout: 90s
    env: { HOME_OF: '\${env.HOME}', MODE: '\${env.MODE:-quick}' }
    services: { postgres:, redis: { optional: true } }
    steps:
      - evaluate: { test-data: data/, threshold: '\${env.LIMIT}', wait: '\${env.WAIT:-2s}' }
      - run: npm test -- \${NOT_OURS}
      - run: { command: make }
  second:
    needs: [first]
    if: branch == 'main'
    steps: [run: echo]
`,
    { HOME: '/home/ann', LIMIT: '0.9' },
  )
  expect(pipeline.name).toBe('mortgage')
  const [first, second] = pipeline.stages
  expect(first).toMatchObject({ name: 'first', timeout: 90_000, retries: 0, cache: true, condition: null })
  expect(first!.env).toEqual({ VERSION: '1.10', ON: 'true', HOME_OF: '/home/ann', MODE: 'quick' })
  expect(first!.services).toEqual({ postgres: { optional: false, via: null }, redis: { optional: true, via: null } })
  expect(first!.steps.map((step) => step.id)).toEqual(['evaluate', 'run', 'run-2'])
  expect(first!.steps[0]!.bind({})).toEqual({ testData: 'data/', threshold: 0.9, wait: 2000, mode: 'fast' })
  expect(first!.steps[0]!.reads({})).toEqual([file('data/')])
  expect(first!.steps[1]!.bind({})).toMatchObject({ command: 'npm test -- ${NOT_OURS}' })
  expect(second!.needs).toEqual(['first'])
  expect(Object.isFrozen(pipeline.stages[0]!.steps[0]!.given)).toBe(true)
})

test('all mistakes are shown at once, each with its line', () => {
  expect(
    shown(`stages:
  one:
    timout: 5m
    steps:
      - evaluate: { test_data: x, threshold: 2 }
      - evaluat: {}
  two:
    needs: [ome]
    env: { A: '\${env.MISSING}' }
    steps: []
`),
  ).toMatchInlineSnapshot(`
    "E_CONFIG plimsoll.yaml has 8 mistakes.
    plimsoll.yaml:3:5 "timout" is not known here. Did you mean "timeout"?
      3 |     timout: 5m
        |     ^^^^^^

    plimsoll.yaml:5:9 "test-data" is missing here.
      5 |       - evaluate: { test_data: x, threshold: 2 }
        |         ^^^^^^^^

    plimsoll.yaml:5:21 "test_data" is not known here. Did you mean "test-data"?
      5 |       - evaluate: { test_data: x, threshold: 2 }
        |                     ^^^^^^^^^

    plimsoll.yaml:5:46 "threshold": must be at most 1.
      5 |       - evaluate: { test_data: x, threshold: 2 }
        |                                              ^

    plimsoll.yaml:6:9 There is no step "evaluat". Did you mean "evaluate"?
      6 |       - evaluat: {}
        |         ^^^^^^^

    plimsoll.yaml:8:13 There is no stage "ome". Did you mean "one"?
      8 |     needs: [ome]
        |             ^^^

    plimsoll.yaml:9:15 The environment variable MISSING is not set. Set it, or write \${env.MISSING:-default}.
      9 |     env: { A: '\${env.MISSING}' }
        |               ^^^^^^^^^^^^^^^^

    plimsoll.yaml:10:12 "steps": A stage has at least one step.
      10 |     steps: []
         |            ^^"
  `)
})

const step = (yaml: string) => `stages: { s: { steps: [${yaml}] } }`

test.each([
  [
    'a cycle is shown as a path',
    'stages: { a: { needs: [b], steps: [run: x] }, b: { needs: [c], steps: [run: x] }, c: { needs: [a], steps: [run: x] } }',
    'a -> b -> c -> a',
  ],
  ['a stage that needs itself', 'stages: { a: { needs: [a], steps: [run: x] } }', 'cannot need itself'],
  ['a key twice', 'stages:\n  a: { steps: [run: x] }\n  a: { steps: [run: x] }', '"a" stands here twice'],
  ['broken YAML', 'stages:\n  a: [', 'plimsoll.yaml:2'],
  ['no stages', 'name: x', '"stages" is missing'],
  ['an empty map of stages', 'stages: {}', 'at least one stage'],
  ['an empty file', '', '"stages" is missing'],
  ['not a map', '- a', 'expected a map of names and values, found a list'],
  ['a wrong type', step('evaluate: { test-data: 5 }'), '"test-data": expected text, found 5'],
  ['neither of two kinds', step('run: { command: x, files: 5 }'), '"files": expected text or a list, found 5'],
  ['a wrong choice', step('evaluate: { test-data: x, mode: quick }'), 'expected one of fast, exact'],
  ['a wrong duration', step('evaluate: { test-data: x, wait: soon }'), '"soon" is not a duration'],
  ['the spelling of the code', step('evaluate: { testData: x }'), '"testData" is written "test-data" here'],
  ['a variable of no group', step("run: 'echo ${secret.X}'"), '"${secret.X}" is not a variable'],
  ['a secret with a default', step("run: 'echo ${secrets.X:-y}'"), 'A secret has no default'],
  ['the command name of a step', step('shell: ls'), 'Did you mean "run"?'],
  ['two names in one step', step('{ run: a, evaluate: b }'), 'A step is its name and its parameters'],
  [
    'a condition with a mistake',
    `stages: { a: { if: "brnch == 'main'", steps: [run: x] } }`,
    '"brnch" is not known. Did you mean "branch"?',
  ],
  [
    'a condition over a stage that is not needed',
    `stages: { a: { steps: [run: x] }, b: { if: "stages.a.verdict == 'pass'", steps: [run: x] } }`,
    '"b" does not need "a"',
  ],
  [
    'two writers of one file',
    'stages: { a: { writes: [out.csv], steps: [run: x] }, b: { writes: [out.csv], steps: [run: x] } }',
    'both write out.csv',
  ],
  ['a name that cannot be', 'stages: { "a b": { steps: [run: x] } }', 'cannot name a stage'],
  ['an unknown service', 'stages: { a: { services: { postgre: {} }, steps: [run: x] } }', '"postgre" is not known here'],
])('%s', (_title, text, expected) => {
  expect(shown(text)).toContain(expected)
})

test('the marker stands at the column of a mistake in a condition', () => {
  const { location, code } = mistakeOf(`stages:\n  a:\n    if: "branch == 'main' && brnch"\n    steps: [run: x]`)
  expect({ code, location }).toEqual({ code: 'E_CONFIG', location: { file: 'plimsoll.yaml', line: 3, column: 30 } })
  expect(mistakeOf('stages: { a: { needs: [b], steps: [run: x] }, b: { needs: [a], steps: [run: x] } }').code).toBe(
    'E_CONFIG_CYCLE',
  )
})

test('a secret stays a reference until a step starts, and is never quoted', () => {
  const text = step("run: { command: deploy, url: '${secrets.HOOK}', env: { TOKEN: '${secrets.TOKEN}' } }")
  const [only] = load(text, { HOOK: 'https://example.org/x', TOKEN: 'tell-nobody' }).stages[0]!.steps
  expect(JSON.stringify(only!.given)).not.toContain('tell-nobody')
  expect(only!.bind({ HOOK: 'https://example.org/x', TOKEN: 't' })).toMatchObject({ env: { TOKEN: 't' } })
  expect(() => only!.bind({ HOOK: 'https://example.org/x' })).toThrow('a secret that is not set: TOKEN')
  // Not set when the file is read: the stage may never run here.
  expect(load(text).stages[0]!.steps).toHaveLength(1)
  expect(shown(step("evaluate: { test-data: x, wait: '${secrets.WAIT}' }"), { WAIT: 'very-secret' })).not.toContain('very-secret')
})

test('the schema for editors accepts what the reader accepts, and refuses what it refuses', () => {
  const schema = editorSchema(steps)
  const ajv = new Ajv.default({ strict: true, allowUnionTypes: true, allErrors: true, formats: { uri: true } })
  const validate = ajv.compile(schema)
  const good = `
env: { A: 1 }
stages:
  a: { steps: [ { run: echo }, { run: { command: echo } }, { evaluate: { test-data: x, threshold: '\${env.T:-0.5}', wait: 5s } } ] }
  b: { needs: [a], if: "branch == 'main'", timeout: 10m, retries: 1, services: { postgres: }, reads: [src/**], steps: [ { run: x } ] }
`
  validate(parse(good))
  expect(validate.errors).toBeNull()
  expect(() => load(good)).not.toThrow()
  for (const bad of [
    'stages: { a: { timout: 1, steps: [run: x] } }',
    step('evaluate: { test_data: x }'),
    step('evaluate: { test-data: x, threshold: 3 }'),
    step('nothing: {}'),
    'stages: {}',
  ]) {
    expect([bad, validate(parse(bad))]).toEqual([bad, false])
    expect(() => load(bad)).toThrow(UserError)
  }
  expect(JSON.stringify(schema)).toContain('"test-data":{"type":"string","description":"The data."}')
})
