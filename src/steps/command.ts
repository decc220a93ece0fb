import { resolve } from 'node:path'
import { checkResult, type CheckResult } from '../core/check.ts'
import { formatDuration } from '../core/duration.ts'
import { UserError } from '../core/errors.ts'
import type { StepContext } from '../core/step.ts'
import { exec, type ExecResult } from '../drivers/exec.ts'

const SHOWN_LINES = 20

export interface UserCommand {
  readonly command: string
  readonly env?: Readonly<Record<string, string>>
  /** Relative to the project folder. */
  readonly workingDirectory?: string | undefined
  /** Milliseconds. */
  readonly timeout?: number | undefined
}

/**
 * Runs a shell command of the user's, its output going to `say`.
 *
 * @throws UserError E_COMMAND when the shell does not find it, or it may not be run
 */
export async function runCommand(
  context: StepContext,
  { command, env = {}, workingDirectory = '.', timeout }: UserCommand,
): Promise<ExecResult> {
  const result = await exec(command, {
    cwd: resolve(context.cwd, workingDirectory),
    env: { ...context.env, ...env },
    signal: context.signal,
    onLine: (line) => context.say(line),
    ...(timeout !== undefined && { timeout }),
  })
  // POSIX: 127 is a command that is not found, 126 one that cannot be run.
  if (result.exitCode === 127 || result.exitCode === 126) {
    const why = result.tail.at(-1) ?? command
    throw new UserError('E_COMMAND', `The command ${result.exitCode === 127 ? 'was not found' : 'cannot be run'}: ${why}`, {
      hint: 'Check its spelling, that it is installed, and that PATH leads to it.',
    })
  }
  return result
}

/** How a command ended: non-zero is a `fail`; what was cut off by a timeout or a signal has not answered, and is an `error`. */
export function commandResult(check: string, command: string, result: ExecResult, timeout: number | undefined): CheckResult {
  const { exitCode, signal, timedOut, durationMs, tail } = result
  const shown = command.length > 120 ? `${command.slice(0, 117)}…` : command
  const base = { check, title: shown, expected: 'exit code 0', durationMs }
  if (exitCode === 0 && !timedOut) {
    return checkResult({ ...base, verdict: 'pass', message: `${shown}: exit code 0`, actual: 'exit code 0' })
  }
  const findings = tail.length === 0 ? [] : [{ severity: 'error' as const, message: tail.slice(-SHOWN_LINES).join('\n') }]
  if (timedOut) {
    const message = `${shown}: stopped after ${formatDuration(timeout!)}, its timeout`
    return checkResult({
      ...base,
      verdict: 'error',
      message,
      actual: 'stopped',
      findings,
      hint: 'Raise `timeout`, or find out what it waits for.',
    })
  }
  if (exitCode === null) {
    const message = `${shown}: ended by ${signal}`
    const hint = signal === 'SIGKILL' ? 'The system may have run out of memory.' : undefined
    return checkResult({ ...base, verdict: 'error', message, actual: `${signal}`, findings, ...(hint !== undefined && { hint }) })
  }
  return checkResult({
    ...base,
    verdict: 'fail',
    message: `${shown}: exit code ${exitCode}`,
    actual: `exit code ${exitCode}`,
    findings,
  })
}
