import { formatLocation, messageOf, UserError } from '../core/errors.ts'
import { EXIT_COULD_NOT_DECIDE } from '../core/verdict.ts'
import { palette } from '../report/text.ts'

export interface ErrorOptions {
  readonly color: boolean
  /** Show the stack of what is not the user's mistake. */
  readonly stack: boolean
}

/** What was thrown, for a person: what happened, where, what to do. */
export function formatError(thrown: unknown, { color, stack }: ErrorOptions): string {
  const { bold, dim, fail } = palette(color)
  if (!(thrown instanceof UserError)) {
    const detail = stack && thrown instanceof Error ? (thrown.stack ?? thrown.message) : messageOf(thrown)
    const what = stack ? '' : dim('Run it again with --verbose to see where, and please report it.\n')
    return `${fail('This is a bug in Plimsoll:')} ${detail}\n${what}`
  }
  const { code, message, location, frame, hint } = thrown
  const lines = [`${fail('error')} ${bold(message)} ${dim(`[${code}]`)}`]
  if (location) lines.push(`  ${dim('at')} ${formatLocation(location)}`)
  if (frame !== undefined) lines.push('', frame, '')
  if (hint !== undefined) lines.push(`  ${dim('hint:')} ${hint}`)
  return `${lines.join('\n').trimEnd()}\n`
}

/**
 * What was thrown, as the one document of `--json`.
 *
 * `code` is of the table in core/errors.ts; null for what is a bug in Plimsoll.
 */
export function errorDocument(thrown: unknown): Record<string, unknown> {
  const isExpected = thrown instanceof UserError
  const { hint, location, frame } = isExpected ? thrown : ({} as Partial<UserError>)
  return {
    schemaVersion: 1,
    error: {
      code: isExpected ? thrown.code : null,
      message: messageOf(thrown),
      ...(hint !== undefined && { hint }),
      ...(location && { location }),
      ...(frame !== undefined && { frame }),
    },
  }
}

/** Thrown into the abort signal when a signal ends the process. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly signal: 'SIGINT' | 'SIGTERM'

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`stopped by ${signal}`)
    this.signal = signal
  }
}

/** 128 plus the signal's number, as shells do. */
export function interruptedCode(signal: 'SIGINT' | 'SIGTERM'): number {
  return signal === 'SIGINT' ? 130 : 143
}

/** The exit code of what was thrown. */
export function thrownCode(thrown: unknown): number {
  return thrown instanceof Interrupted ? interruptedCode(thrown.signal) : EXIT_COULD_NOT_DECIDE
}
