import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { outcomes, pipelineRig } from '../../test/pipeline-rig.ts'

const COPY = `
name: copy
stages:
  prepare:
    reads: [raw/**]
    writes: [clean.csv]
    env: { MODE: fast }
    steps: [run: 'cat raw/* > clean.csv; echo prepared >> log.txt']
  count:
    needs: [prepare]
    reads: [clean.csv]
    writes: [out]
    steps: [run: 'mkdir -p out; wc -l < clean.csv > out/count; chmod 750 out/count; echo counted >> log.txt']
`

function copyRig() {
  const rig = pipelineRig(COPY)
  rig.write('raw/a.csv', '1\n2\n')
  return rig
}

test('the second run comes from the cache and says from which run; files that are gone or changed are put back', async () => {
  const rig = copyRig()
  const first = await rig.run()
  expect(outcomes(first)).toEqual({ prepare: 'pass', count: 'pass' })
  rmSync(join(rig.root, 'out'), { recursive: true })
  rig.write('clean.csv', 'overwritten')
  const second = await rig.run()
  expect(outcomes(second)).toEqual({ prepare: 'pass (cache)', count: 'pass (cache)' })
  expect(second.children[0]!.origin).toEqual({ from: 'cache', runId: first.details!['runId'], at: expect.any(String) })
  expect(second.children[0]!.children[0]!.origin).toMatchObject({ from: 'cache' })
  expect(rig.read('clean.csv')).toBe('1\n2\n')
  expect(rig.read('out/count').trim()).toBe('2')
  expect(rig.read('log.txt')).toBe('prepared\ncounted\n')
  expect((await rig.why('count')).outcome).toBe('hit')
})

test('a changed input runs what reads it; later stages run only if what they see has changed', async () => {
  const rig = copyRig()
  await rig.run()
  rig.write('raw/a.csv', '1\n2\n3\n')
  expect(await rig.why('prepare')).toMatchObject({ outcome: 'miss', reason: 'Changed since it passed: reads raw/a.csv.' })
  expect((await rig.why('count')).reason).toBe('prepare will run before it, and may leave something new.')
  expect(outcomes(await rig.run())).toEqual({ prepare: 'pass', count: 'pass' })
  // Another way to the same result: the stage after it is not stale.
  rig.write('raw/a.csv', '1\n2\n')
  rig.write('raw/b.csv', '3\n')
  expect(outcomes(await rig.run())).toEqual({ prepare: 'pass', count: 'pass (cache)' })
})

test.each([
  ['a variable', COPY.replace('MODE: fast', 'MODE: slow'), 'env MODE'],
  ['a command', COPY.replace('cat raw/*', 'cat raw/a*'), 'step 1 run'],
  ['what it writes', COPY.replace('[clean.csv]\n    env', '[clean.csv, more.csv]\n    env'), 'writes'],
])('a stage with another definition is run again: %s', async (_title, yaml, field) => {
  const rig = copyRig()
  await rig.run()
  rig.define(yaml)
  const why = await rig.why('prepare')
  expect(why.outcome).toBe('miss')
  expect(why.fields.filter(({ changed }) => changed).map(({ field }) => field)).toEqual([field])
  expect(outcomes(await rig.run())).toMatchObject({ prepare: 'pass' })
})

test('a secret with another value is noticed, and its value is nowhere', async () => {
  const yaml = "stages: { use: { reads: [x], env: { K: '${secrets.K}' }, steps: [run: 'echo used'] } }"
  const rig = pipelineRig(yaml, { K: 'first-secret-value' })
  rig.write('x', '')
  await rig.run()
  expect(await rig.why('use')).toMatchObject({ outcome: 'hit' })
  const { fields } = await rig.why('use')
  expect(JSON.stringify(fields)).not.toContain('first-secret')
  expect(fields.find(({ field }) => field === 'secret K')!.now).toMatch(/^[0-9a-f]{8}$/)
})

test('what does not say what it reads, or not to be cached, always runs, and why says so', async () => {
  const rig = pipelineRig(`
stages:
  silent: { steps: [run: 'echo once more'] }
  told: { cache: false, reads: [x], steps: [run: 'echo once more'] }
`)
  await rig.run()
  expect(outcomes(await rig.run())).toEqual({ silent: 'pass', told: 'pass' })
  expect(await rig.why('silent')).toMatchObject({
    outcome: 'not-cached',
    reason: expect.stringContaining('add `reads` to the stage'),
  })
  expect(await rig.why('told')).toMatchObject({ outcome: 'not-cached', reason: 'The file says `cache: false`.' })
  await expect(rig.why('tolt')).rejects.toMatchObject({ hint: 'Did you mean "told"?' })
})

test('a file that a stage writes and reads again does not make it stale', async () => {
  const rig = pipelineRig(
    "stages: { twice: { reads: ['*.txt'], writes: [own.txt], steps: [run: 'date +%N >> own.txt', judge: { reads: [own.txt] }] } }",
  )
  rig.write('in.txt', '')
  expect(outcomes(await rig.run())).toEqual({ twice: 'pass' })
  expect(outcomes(await rig.run())).toEqual({ twice: 'pass (cache)' })
})

test('only what opens the way is kept; an answer that blocks under a stricter policy is not used', async () => {
  const rig = pipelineRig('stages: { bad: { steps: [judge: fail] }, thin: { steps: [judge: inconclusive] } }')
  const kept = { failureMode: 'keep-going', inconclusive: 'warn' } as const
  await rig.run(kept)
  expect(outcomes(await rig.run(kept))).toEqual({ bad: 'fail', thin: 'inconclusive (cache)' })
  expect(outcomes(await rig.run({ failureMode: 'keep-going' }))).toEqual({ bad: 'fail', thin: 'inconclusive' })
})

test('an environment that was moved since makes the answer unusable; one that a stage reads is part of its key', async () => {
  const rig = pipelineRig(
    'stages: { deploy: { steps: [judge: { deploys: staging }] }, check: { needs: [deploy], steps: [judge: { environment: staging }] } }',
  )
  rig.states.set('staging', 'release-1')
  await rig.run()
  expect(outcomes(await rig.run())).toEqual({ deploy: 'pass (cache)', check: 'pass (cache)' })
  rig.states.set('staging', 'release-9')
  expect(await rig.why('deploy')).toMatchObject({
    outcome: 'miss',
    reason: 'Its answer cannot be used: environment staging moved from release-1 to release-9.',
  })
  expect(outcomes(await rig.run())).toEqual({ deploy: 'pass', check: 'pass' })
  expect(rig.lines()).toContain('not from the cache: environment staging moved from release-1 to release-9')
})

test('a damaged copy is not put back: the stage runs again', async () => {
  const rig = copyRig()
  await rig.run()
  const folder = join(rig.stateDir, 'cache/blobs/sha256')
  for (const name of readdirSync(folder)) {
    rmSync(join(folder, name))
    writeFileSync(join(folder, name), 'damaged')
  }
  rmSync(join(rig.root, 'clean.csv'))
  expect(outcomes(await rig.run())).toMatchObject({ prepare: 'pass' })
  expect(rig.read('clean.csv')).toBe('1\n2\n')
})

test('an input that changes while the stage runs is not kept under the old key', async () => {
  const rig = pipelineRig("stages: { unstable: { reads: [in.txt], steps: [run: 'echo x >> in.txt'] } }")
  rig.write('in.txt', '')
  await rig.run()
  expect(rig.lines().at(-1)).toContain('not kept in the cache: reads in.txt changed while the stage ran')
  expect(await rig.why('unstable')).toMatchObject({ outcome: 'miss', reason: 'It has not passed before.' })
})

test('without the cache every stage runs', async () => {
  const rig = copyRig()
  await rig.run()
  expect(outcomes(await rig.run({ cache: false }))).toEqual({ prepare: 'pass', count: 'pass' })
})
