import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { exec, type ExecOptions } from './exec.ts'
import { leftoverKeeper, type Leftover } from './leftovers.ts'
import { LONGEST_LINE } from './line-reader.ts'
import { processIdentity } from './process-identity.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-exec-'))
const env = { PATH: process.env['PATH']!, GREETING: 'hello' }
const run = (command: string | readonly [string, ...string[]], options: Partial<ExecOptions> = {}) =>
  exec(command, { cwd: folder, env, ...options })

/** Waits until a pid that a command wrote to a file is there. */
async function pidIn(name: string): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      const pid = Number(readFileSync(join(folder, name), 'utf8'))
      if (pid > 0) return pid
    } catch {
      // not yet
    }
    await sleep(20)
  }
  throw new Error(`${name} was not written`)
}

async function isGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 50; tries++) {
    if (processIdentity(pid) === null) return true
    await sleep(20)
  }
  return false
}

test('exit code, output of both streams, environment, input', async () => {
  const lines: string[] = []
  const result = await run('echo "$GREETING"; cat; echo "trouble" >&2; exit 3', {
    input: 'from the input\n',
    onLine: (line, stream) => lines.push(`${stream}: ${line}`),
  })
  expect(result).toMatchObject({ exitCode: 3, signal: null, timedOut: false })
  expect(lines.toSorted()).toEqual(['stderr: trouble', 'stdout: from the input', 'stdout: hello'])
  expect(result.tail).toHaveLength(3)
})

test('a signal that ends the command is told', async () => {
  expect(await run('kill -9 $$')).toMatchObject({ exitCode: null, signal: 'SIGKILL' })
})

test('a command that is not there, and a folder that is not there', async () => {
  await expect(run(['plimsoll-no-such-program'])).rejects.toMatchObject({ code: 'E_COMMAND' })
  await expect(run('true', { cwd: join(folder, 'nowhere') })).rejects.toThrow('working directory does not exist')
})

test('a timeout stops the command and its descendants, also those that ignore the first signal', async () => {
  const result = await run(
    "trap '' TERM; (trap '' TERM; echo $$ >/dev/null; sleep 60 & echo $! > stubborn.pid; wait) & wait; sleep 60",
    {
      timeout: 300,
    },
  )
  expect(result.timedOut).toBe(true)
  expect(await isGone(await pidIn('stubborn.pid'))).toBe(true)
  expect(result.durationMs).toBeLessThan(6000)
})

test('abort stops every descendant and answers with its reason', async () => {
  const controller = new AbortController()
  const running = run('sleep 60 & echo $! > aborted.pid; wait', { signal: controller.signal })
  const pid = await pidIn('aborted.pid')
  controller.abort(new Error('stopped by the user'))
  await expect(running).rejects.toThrow('stopped by the user')
  expect(await isGone(pid)).toBe(true)
  await expect(run('true', { signal: controller.signal })).rejects.toThrow('stopped by the user')
})

test('what a command leaves in its group ends with it', async () => {
  expect(await run('sleep 60 & echo $! > left.pid')).toMatchObject({ exitCode: 0 })
  expect(await isGone(await pidIn('left.pid'))).toBe(true)
})

test('a daemon that holds the output open does not hold us', async () => {
  const result = await run('setsid sleep 20 & echo started; echo $! > daemon.pid')
  const pid = await pidIn('daemon.pid')
  if (processIdentity(pid) !== null) process.kill(pid, 'SIGKILL')
  expect(result).toMatchObject({ exitCode: 0, tail: ['started'] })
  expect(result.durationMs).toBeLessThan(5000)
})

test('a line without end is cut, characters across chunks are whole, all line ends are understood', async () => {
  const lines: string[] = []
  const script = `process.stdout.write('x'.repeat(${LONGEST_LINE + 5}) + '\\n'); process.stdout.write('a\\rb\\r\\nc\\n\\nü'.repeat(1)); process.stdout.write('é'.repeat(200000))`
  const { exitCode, tail } = await run([process.execPath, '-e', script], { onLine: (line) => lines.push(line) })
  expect(exitCode).toBe(0)
  expect(lines[0]).toHaveLength(LONGEST_LINE + ' … (5 more characters)'.length)
  expect(lines.slice(1, 5)).toEqual(['a', 'b', 'c', ''])
  expect(lines[5]).toBe(`ü${'é'.repeat(200_000)}`)
  expect(Math.max(...tail.map((line) => line.length))).toBeLessThanOrEqual(1 << 16)
})

test('a listener that throws ends the command, and what it threw is told', async () => {
  const onLine = () => {
    throw new Error('the listener broke')
  }
  await expect(run('echo one; sleep 60', { onLine })).rejects.toThrow('the listener broke')
})

test('the keeper hears of a child while it runs, and no longer', async () => {
  const kept = new Set<Leftover>()
  const keep = (leftover: Leftover) => {
    kept.add(leftover)
    return () => void kept.delete(leftover)
  }
  const seen: Leftover[] = []
  await leftoverKeeper.run({ keep }, () => run('sleep 0.2; echo', { onLine: () => seen.push(...kept) }))
  expect(seen).toMatchObject([{ kind: 'process', pid: expect.any(Number), identity: expect.any(String) }])
  expect(kept.size).toBe(0)
})
