import { mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { systemClock } from '../src/core/clock.ts'
import { checkResult } from '../src/core/check.ts'
import { stepReport, type Report } from '../src/core/report.ts'
import { defineStep, file, type Resource, type Step } from '../src/core/step.ts'
import { VERDICTS } from '../src/core/verdict.ts'
import { parsePipeline } from '../src/pipeline/config.ts'
import type { RunEvent } from '../src/pipeline/events.ts'
import { runPipeline } from '../src/pipeline/run.ts'
import type { RunOptions } from '../src/pipeline/run-options.ts'
import { whyStage, type Why } from '../src/pipeline/why.ts'
import { run } from '../src/steps/run.ts'
import { train } from '../src/steps/train.ts'

/** A step that ends as it is told, and says what it reads and writes. */
export const judge = defineStep({
  name: 'judge',
  summary: 'End with a verdict.',
  params: z.strictObject({
    verdict: z.enum(VERDICTS).default('pass').describe('How it ends.'),
    reads: z.array(z.string()).default([]).describe('Files that it says it reads.'),
    environment: z.string().optional().describe('An environment that it says it reads.'),
    deploys: z.string().optional().describe('An environment that it says it writes.'),
  }),
  argument: 'verdict',
  examples: [],
  reads: ({ reads, environment }) => [
    ...reads.map(file),
    ...(environment === undefined ? [] : [{ kind: 'environment', name: environment } satisfies Resource]),
  ],
  writes: ({ deploys }) => (deploys === undefined ? [] : [{ kind: 'environment', name: deploys }]),
  run: ({ clock }, { verdict }) =>
    Promise.resolve(
      stepReport({
        name: 'judge',
        summary: `judged ${verdict}`,
        startedAt: clock.now(),
        durationMs: 0,
        results: [checkResult({ check: 'judge', title: 'Judge', verdict, message: verdict })],
      }),
    ),
})

export const RIG_STEPS: readonly Step[] = [run, train, judge]

export interface PipelineRig {
  readonly root: string
  readonly stateDir: string
  /** Of the last run. */
  events: RunEvent[]
  /** What environments and the registry are said to be at; `none` when not here. */
  readonly states: Map<string, string>
  /** Replaces the pipeline file. */
  define(yaml: string): void
  write(path: string, text: string): void
  read(path: string): string
  run(options?: Partial<RunOptions>): Promise<Report>
  why(stage: string): Promise<Why>
  /** The output lines of the last run. */
  lines(): string[]
}

const PATH = process.env['PATH']!

/** A project in a scratch folder, whose stages are real shell commands. */
export function pipelineRig(yaml: string, env: Readonly<Record<string, string>> = {}): PipelineRig {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'plimsoll-rig-')))
  const states = new Map<string, string>()
  let text = yaml
  const options = (): RunOptions => ({
    pipeline: parsePipeline(text, join(root, 'plimsoll.yaml'), {
      steps: RIG_STEPS,
      env: { PATH, ...env },
      display: 'plimsoll.yaml',
    }),
    root,
    stateDir: join(root, '.plimsoll'),
    env: { PATH, ...env },
    git: { commit: null, branch: 'main', dirty: false },
    event: 'push',
    clock: systemClock,
    signal: new AbortController().signal,
    failureMode: 'fail-fast',
    assumeYes: false,
    ask: null,
    cache: true,
    inconclusive: 'block',
    observers: [{ onEvent: (event) => void rig.events.push(event) }],
    hooks: {
      resolve: (resource) => Promise.resolve('name' in resource ? (states.get(resource.name) ?? 'none') : 'none'),
      beforeStage: () => Promise.resolve(),
    },
    maxParallel: 4,
  })
  const rig: PipelineRig = {
    root,
    stateDir: join(root, '.plimsoll'),
    events: [],
    states,
    define: (changed) => void (text = changed),
    write(path, content) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), content)
    },
    read: (path) => readFileSync(join(root, path), 'utf8'),
    run(overrides = {}) {
      rig.events = []
      return runPipeline({ ...options(), ...overrides })
    },
    why: (stage) => whyStage(stage, options()),
    lines: () => rig.events.flatMap((event) => (event.type === 'stage-output' ? [event.line] : [])),
  }
  return rig
}

/** `{ stage: 'pass' }`, or `not-run`, or with ` (cache)` or ` (resume)` behind it. */
export function outcomes(report: Report): Record<string, string> {
  return Object.fromEntries(
    report.children.map(({ name, verdict, origin }) => [
      name,
      origin.from === 'not-run' ? 'not-run' : origin.from === 'run' ? verdict : `${verdict} (${origin.from})`,
    ]),
  )
}
