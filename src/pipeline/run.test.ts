import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { outcomes, pipelineRig } from '../../test/pipeline-rig.ts'
import { processIdentity } from '../drivers/process-identity.ts'
import { showRun } from './record.ts'

test('stages run in the order of their needs, steps in the order of the file; the report is a tree', async () => {
  const rig = pipelineRig(`
name: order
stages:
  last: { needs: [left, right], steps: [run: 'echo last >> order.txt'] }
  left: { needs: [first], steps: [run: 'echo middle >> order.txt'] }
  right: { needs: [first], steps: [run: 'echo middle >> order.txt'] }
  first: { steps: [run: 'echo one >> order.txt', run: 'echo two >> order.txt'] }
`)
  const report = await rig.run()
  expect(rig.read('order.txt').trim().split('\n')).toEqual(['one', 'two', 'middle', 'middle', 'last'])
  expect(report).toMatchObject({ kind: 'run', name: 'order', verdict: 'pass', summary: '4 stages: 4 passed' })
  expect(report.children.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
    'stage last',
    'stage left',
    'stage right',
    'stage first',
  ])
  expect(report.children[3]!.children.map(({ name, kind }) => `${kind} ${name}`)).toEqual(['step run', 'step run-2'])
  expect(rig.events.map(({ type }) => type).filter((type) => type !== 'stage-output')).toEqual([
    'run-started',
    'stage-started',
    'step-started',
    'step-finished',
    'step-started',
    'step-finished',
    'stage-finished',
    ...rig.events.filter((event) => 'stage' in event && ['left', 'right'].includes(event.stage)).map(({ type }) => type),
    'stage-started',
    'step-started',
    'step-finished',
    'stage-finished',
    'run-finished',
  ])
})

test('a blocking verdict stops the later steps, the stages that need it, and, failing fast, every other', async () => {
  const yaml = `
stages:
  bad: { steps: [judge: pass, run: 'exit 3', judge: pass] }
  after: { needs: [bad], steps: [judge: pass] }
  beside: { steps: [run: 'sleep 0.3; echo done > beside.txt'] }
  later: { needs: [beside], steps: [judge: pass] }
`
  const rig = pipelineRig(yaml)
  const report = await rig.run()
  expect(report.verdict).toBe('fail')
  expect(outcomes(report)).toEqual({ bad: 'fail', after: 'not-run', beside: 'pass', later: 'not-run' })
  expect(outcomes(report.children[0]!)).toEqual({ judge: 'pass', run: 'fail', 'judge-2': 'not-run' })
  expect(report.children[1]!.summary).toBe('it needs bad, which ended with fail')
  expect(report.children[3]!.summary).toContain('fail-fast')
  // What was running was left to finish.
  expect(rig.read('beside.txt')).toBe('done\n')

  const patient = await pipelineRig(yaml).run({ failureMode: 'keep-going' })
  expect(outcomes(patient)).toEqual({ bad: 'fail', after: 'not-run', beside: 'pass', later: 'pass' })
})

test('inconclusive blocks or warns, as the policy says', async () => {
  const rig = pipelineRig('stages: { thin: { steps: [judge: inconclusive] }, next: { needs: [thin], steps: [judge: pass] } }')
  expect(outcomes(await rig.run())).toEqual({ thin: 'inconclusive', next: 'not-run' })
  expect(outcomes(await rig.run({ inconclusive: 'warn' }))).toEqual({ thin: 'inconclusive', next: 'pass' })
})

test('conditions: branch, event, variables; a stage that looks at a verdict decides for itself', async () => {
  const rig = pipelineRig(`
stages:
  test: { steps: [judge: fail] }
  release: { if: "branch == 'main' && event == 'push'", steps: [judge: pass] }
  publish: { needs: [release], steps: [judge: pass] }
  tell: { needs: [test], if: "stages.test.verdict == 'fail'", steps: [judge: pass] }
  celebrate: { needs: [test], if: "stages.test.verdict == 'pass'", steps: [judge: pass] }
`)
  const report = await rig.run({ branch: 'feature', failureMode: 'keep-going' })
  expect(outcomes(report)).toEqual({ test: 'fail', release: 'not-run', publish: 'not-run', tell: 'pass', celebrate: 'not-run' })
  expect(report.children[1]!.summary).toBe("if: branch == 'main' && event == 'push' does not hold (branch feature, event push)")
  expect(report.children[2]!.summary).toBe('it needs release, which was not run')
  expect(outcomes(await rig.run())).toMatchObject({ release: 'pass', publish: 'not-run' })
})

test('only the named stages and what they need; an unknown name is refused', async () => {
  const rig = pipelineRig(
    'stages: { a: { steps: [judge: pass] }, b: { needs: [a], steps: [judge: pass] }, c: { steps: [judge: pass] } }',
  )
  expect(outcomes(await rig.run({ only: ['b'] }))).toEqual({ a: 'pass', b: 'pass' })
  await expect(rig.run({ only: ['bb'] })).rejects.toMatchObject({
    message: 'There is no stage "bb".',
    hint: 'Did you mean "b"?',
  })
})

test('variables of the pipeline and of the stage reach the command; secrets are masked wherever they turn up', async () => {
  const rig = pipelineRig(
    `
env: { SHARED: everyone, KEY: '\${secrets.API_KEY}' }
stages:
  use:
    env: { OWN: mine }
    steps:
      - run: { command: 'echo "$SHARED $OWN $KEY"; echo "$KEY" | base64; exit 1', env: { EXTRA: '\${secrets.API_KEY}' } }
`,
    { API_KEY: 'sk-very-secret-1234' },
  )
  const report = await rig.run()
  expect(rig.lines()[0]).toBe('everyone mine ***')
  const everything = JSON.stringify([report, rig.events, showRun(rig.stateDir, 'latest')])
  expect(everything).not.toContain('sk-very-secret-1234')
  expect(everything).not.toContain(Buffer.from('sk-very-secret-1234').toString('base64').slice(0, 20))

  const without = await pipelineRig("stages: { use: { env: { KEY: '${secrets.NOPE}' }, steps: [run: echo] } }").run()
  expect(without).toMatchObject({ verdict: 'error', children: [{ summary: expect.stringContaining('NOPE') }] })
})

test('an error is tried again, a failure is not', async () => {
  const rig = pipelineRig(`
stages:
  flaky: { retries: 2, steps: [run: 'echo x >> tries.txt; test $(wc -l < tries.txt) -ge 2 || kill -9 $$'] }
  firm: { retries: 2, steps: [run: 'echo x >> firm.txt; exit 1'] }
`)
  const report = await rig.run({ failureMode: 'keep-going' })
  expect(outcomes(report)).toEqual({ flaky: 'pass', firm: 'fail' })
  expect(rig.read('tries.txt')).toBe('x\nx\n')
  expect(rig.read('firm.txt')).toBe('x\n')
  expect(report.children[0]!.details).toMatchObject({ attempt: 2, earlierAttempts: [{ verdict: 'error' }] })
})

test('a stage that takes too long is an error, and its processes are gone', async () => {
  const rig = pipelineRig("stages: { slow: { timeout: 300ms, steps: [run: 'echo $$ > pid; sleep 60'] } }")
  const report = await rig.run()
  expect(report.children[0]).toMatchObject({ verdict: 'error', summary: 'The stage took longer than 300 ms, its timeout.' })
  expect(processIdentity(Number(rig.read('pid')))).toBeNull()
})

test('abort: every process is gone, unfinished stages are errors, the run is on record as interrupted', async () => {
  const rig = pipelineRig(`
stages:
  quick: { steps: [run: 'echo quick'] }
  slow: { needs: [quick], steps: [run: '(trap "" TERM; sleep 60 & echo $! > pid; wait) & wait'] }
  after: { needs: [slow], steps: [judge: pass] }
`)
  const controller = new AbortController()
  const running = rig.run({ signal: controller.signal })
  while (!existsSync(join(rig.root, 'pid'))) await sleep(20)
  await sleep(50)
  controller.abort(new Error('SIGINT'))
  const report = await running
  expect(outcomes(report)).toEqual({ quick: 'pass', slow: 'error', after: 'not-run' })
  expect(processIdentity(Number(rig.read('pid')))).toBeNull()
  expect(showRun(rig.stateDir, 'latest')).toMatchObject({
    status: 'interrupted',
    verdict: null,
    stages: [
      { stage: 'quick', status: 'finished', verdict: 'pass' },
      { stage: 'slow', status: 'running', verdict: null },
    ],
  })
  rmSync(join(rig.root, 'pid'))
})

test('stages of one environment never run at the same time; others do', async () => {
  const command = 'test ! -e busy && touch busy && sleep 0.15 && rm busy'
  const rig = pipelineRig(`
stages:
  a: { environment: staging, steps: [run: '${command}'] }
  b: { environment: staging, steps: [run: '${command}'] }
  c: { steps: [run: 'echo $(date +%s%N) > c; sleep 0.3'] }
  d: { steps: [run: 'echo $(date +%s%N) > d; sleep 0.3'] }
`)
  expect(outcomes(await rig.run())).toEqual({ a: 'pass', b: 'pass', c: 'pass', d: 'pass' })
  expect(Math.abs(Number(rig.read('c')) - Number(rig.read('d')))).toBeLessThan(0.25e9)
})

test('a run of the same project, in the middle of one, is refused', async () => {
  const rig = pipelineRig("stages: { slow: { steps: [run: 'sleep 0.5'] } }")
  const first = rig.run()
  await sleep(150)
  await expect(rig.run()).rejects.toMatchObject({ code: 'E_CONFLICT' })
  expect((await first).verdict).toBe('pass')
  expect((await rig.run()).verdict).toBe('pass')
})

test('an optional service that is not there is skipped by name, one that is needed is an error', async () => {
  const rig = pipelineRig(
    `
stages:
  gentle: { services: { redis: { optional: true, via: docker } }, steps: [judge: pass] }
  strict: { services: { redis: { via: docker } }, steps: [judge: pass] }
`,
    { DOCKER_HOST: 'unix:///nowhere.sock' },
  )
  const report = await rig.run({ failureMode: 'keep-going' })
  const [gentle, strict] = report.children
  expect(gentle).toMatchObject({ verdict: 'pass', results: [{ check: 'service.redis', verdict: 'skip' }] })
  expect(gentle!.summary).toContain('redis: not available here, and optional')
  expect(strict).toMatchObject({ verdict: 'error', results: [{ verdict: 'error', hint: expect.stringContaining('apt-get') }] })
})

test('a service is there while the stage runs, and its password is masked', async () => {
  const rig = pipelineRig(`
stages:
  db:
    services: { postgres: }
    steps: [run: 'echo "$DATABASE_URL" | tee url; node -e "require(\\"net\\").connect(new URL(process.env.DATABASE_URL).port, \\"127.0.0.1\\").on(\\"connect\\", () => process.exit(0)).on(\\"error\\", () => process.exit(1))"']
`)
  expect(outcomes(await rig.run())).toEqual({ db: 'pass' })
  const url = new URL(rig.read('url').trim())
  expect(url).toMatchObject({ protocol: 'postgres:', hostname: '127.0.0.1' })
  // PGlite has no passwords; a real server's is made for the occasion.
  expect(rig.lines().filter((line) => url.password !== 'postgres' && line.includes(url.password))).toEqual([])
})
