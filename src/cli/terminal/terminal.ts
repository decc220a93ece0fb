import { once } from 'node:events'
import { isatty } from 'node:tty'
import type { Redact } from '../../core/redact.ts'

/** A stream that is written to, and what may be written to it. */
export interface Channel {
  write(text: string): void
  readonly color: boolean
  /** Columns of a terminal; undefined for a file or a pipe. */
  readonly width: number | undefined
  /** Whether a person looks at it, so that lines may be drawn again. */
  readonly live: boolean
  /**
   * From here on what others write goes to `receive`, for one who draws and has to know. Its own writing, and the end of
   * it, are in the answer.
   */
  takeOver(receive: (text: string) => void): { write(text: string): void; release(): void }
}

/** Data goes to `out`, talk to `talk`. */
export interface Terminal {
  /** Standard output: what was asked for, nothing else. */
  readonly out: Channel
  /** Progress, questions and mistakes; standard error. */
  readonly talk: Channel
  /** Whether a question can be answered. */
  readonly canAsk: boolean
  /** Waits until all is written. */
  flush(): Promise<void>
}

export interface TerminalOptions {
  /** False: `--no-color`. */
  readonly color: boolean
  /** Everything a person reads goes to standard output, in one order: a CI log that mixes the two streams loses it. */
  readonly oneStream: boolean
  /** What must not be told is taken out of everything that is written. */
  readonly redact?: Redact
}

type Env = Readonly<Record<string, string | undefined>>

/** The terminal of this process. */
export function openTerminal(env: Env, { color, oneStream, redact = (text) => text }: TerminalOptions): Terminal {
  const { stdout, stderr } = process
  for (const stream of [stdout, stderr]) stream.on('error', onStreamError)
  const out = channel(stdout, env, color, redact)
  return {
    out,
    talk: oneStream ? out : channel(stderr, env, color, redact),
    canAsk: isatty(0) && isatty(2),
    async flush() {
      for (const stream of [stdout, stderr]) if (stream.writableNeedDrain && !stream.errored) await once(stream, 'drain')
    },
  }
}

function channel(stream: NodeJS.WriteStream & { readonly fd: number }, env: Env, color: boolean, redact: Redact): Channel {
  const dumb = env['TERM'] === 'dumb'
  let receiver: ((text: string) => void) | undefined
  const write = (text: string) => void stream.write(redact(text))
  return {
    write: (text) => (receiver ?? write)(text),
    takeOver(receive) {
      receiver = receive
      return { write, release: () => (receiver = undefined) }
    },
    color: color && wantsColor(env, isatty(stream.fd) && !dumb),
    get width() {
      return stream.isTTY ? stream.columns : undefined
    },
    live: isatty(stream.fd) && !dumb && !isSet(env['CI']),
  }
}

/** https://no-color.org and https://force-color.org: NO_COLOR wins over FORCE_COLOR, both over what the stream is. */
export function wantsColor(env: Env, isTerminal: boolean): boolean {
  if (isSet(env['NO_COLOR'])) return false
  if (env['FORCE_COLOR'] !== undefined) return isSet(env['FORCE_COLOR'])
  return isTerminal || isSet(env['GITHUB_ACTIONS'])
}

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '' && value !== '0' && value !== 'false'

/** `plimsoll … | head` closes the pipe early: that is no mistake, and the verdict is still to be told by the exit code. */
function onStreamError(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}
