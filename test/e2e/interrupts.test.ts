import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { finished, type CliResult } from './cli.ts'
import { copyOfCheckout, nothingButNode } from './support/checkout.ts'
import { processesLeft, processesOf } from './support/processes.ts'

const PATIENCE = 120_000
let checkout = ''
beforeAll(() => void (checkout = copyOfCheckout()))

/** A program in a process group of its own, as a terminal starts it. */
function start(cwd: string, ...line: string[]): ChildProcess {
  return spawn(process.execPath, line, { cwd, env: nothingButNode(checkout), detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Does something as soon as a program has said this on standard error, and answers how it ended. */
async function interrupted(child: ChildProcess, says: string, interrupt: () => void): Promise<CliResult> {
  let talk = ''
  let done = false
  let running = 0
  child.stderr!.on('data', (chunk) => {
    talk += chunk
    if (done || !talk.includes(says)) return
    done = true
    running = processesOf(checkout).length
    interrupt()
  })
  const result = await finished(child, checkout)
  expect(running, `waiting for "${says}"\n${talk}`).toBeGreaterThan(0)
  return result
}

/** To the whole group, as the terminal does. */
const pressCtrlC = (child: ChildProcess) => () => process.kill(-child.pid!, 'SIGINT')
const example = () => join(checkout, 'examples', 'mortgage')
const RUN = ['../../bin/plimsoll.js', 'run', '--branch', 'main', '--yes', '--verbose']

test.each([
  ['a service starts', 'postgres: starting'],
  ['a step runs a program', 'model-training › train: started'],
  ['an environment starts', 'staging: moving to'],
  ['an environment is under load', '100 requests/s for'],
])(
  'Ctrl-C while %s, then SIGTERM while it goes on: no process is left, exit codes 130 and 143',
  async (_when, says) => {
    const first = start(example(), ...RUN)
    const result = await interrupted(first, says, pressCtrlC(first))
    expect(result).toMatchObject({ code: 130 })
    expect(result.stderr).toContain('Stopped. Go on with: plimsoll run --resume')
    expect(await processesLeft(checkout)).toEqual([])

    const second = start(example(), ...RUN, '--resume')
    expect(await interrupted(second, says, () => second.kill('SIGTERM'))).toMatchObject({ code: 143 })
    expect(await processesLeft(checkout)).toEqual([])
  },
  PATIENCE,
)

test(
  'the demo ends as what it runs: with Ctrl-C, and when it alone gets SIGTERM',
  async () => {
    const whole = start(checkout, 'scripts/demo.mjs')
    expect(await interrupted(whole, 'deploy-staging: started', pressCtrlC(whole))).toMatchObject({ code: 130 })
    expect(await processesLeft(checkout)).toEqual([])
    const broken = start(checkout, 'scripts/demo.mjs', '--break', 'data')
    const ended = interrupted(broken, 'First a good release', () => setTimeout(() => broken.kill('SIGTERM'), 1500))
    expect(await ended).toMatchObject({ code: 143 })
    expect(await processesLeft(checkout)).toEqual([])
  },
  PATIENCE,
)

/** npm's own programs lie beside Node. */
const npx = join(dirname(process.execPath), 'npx')

test.skipIf(!existsSync(npx))('npx finds the command of the checkout, in its examples too, without asking a registry', () => {
  const env = nothingButNode(checkout)
  if (!existsSync(join(env['PATH']!, 'sh'))) symlinkSync('/bin/sh', join(env['PATH']!, 'sh'))
  for (const cwd of [checkout, example()]) {
    const help = execFileSync(process.execPath, [npx, '--offline', 'plimsoll', '--help'], { cwd, env, encoding: 'utf8' })
    expect(help).toMatch(/^Usage: plimsoll \[options\] \[command\]/)
  }
})
