import { existsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { UserError } from '../core/errors.ts'
import type { Redact } from '../core/redact.ts'
import { listenForInterrupts } from './interrupts.ts'
import type { Terminal } from './terminal/terminal.ts'

/** The pipeline file that marks a project's folder. */
export const CONFIG_FILE = 'plimsoll.yaml'

/** Flags that every command has. */
export interface GlobalOptions {
  readonly cwd?: string
  readonly json?: boolean
  readonly quiet?: boolean
  readonly verbose?: boolean
  readonly yes?: boolean
}

/** What every command works with. */
export interface Session {
  /** Absolute. */
  readonly cwd: string
  /** The nearest folder upward that has a plimsoll.yaml; `cwd` when none has. */
  readonly root: string
  /** Absolute path of the state folder. */
  readonly stateDir: string
  readonly env: Readonly<Record<string, string>>
  readonly terminal: Terminal
  /** Takes out of a text what must not be told. What goes to the terminal goes through it anyway. */
  readonly redact: Redact
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  readonly assumeYes: boolean
  /** Takes over Ctrl-C and SIGTERM from here on; the signal aborts when one comes. */
  readonly interruptible: () => AbortSignal
  /** One line for the person, unless `--quiet`. */
  readonly say: (line: string) => void
}

/** @throws UserError E_FILE_MISSING when `--cwd` is no folder */
export function openSession(
  options: GlobalOptions,
  { from, env, terminal, redact }: { from: string; env: Readonly<Record<string, string>>; terminal: Terminal; redact: Redact },
): Session {
  const cwd = resolve(from, options.cwd ?? '.')
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UserError('E_FILE_MISSING', `The folder of --cwd does not exist: ${options.cwd}`, { hint: `Looked for ${cwd}.` })
  }
  const { json = false, quiet = false, verbose = false, yes = false } = options
  const root = projectRoot(cwd)
  const home = env['PLIMSOLL_HOME']
  let signal: AbortSignal | undefined
  return {
    cwd,
    root,
    stateDir: home ? resolve(from, home) : join(root, '.plimsoll'),
    env,
    terminal,
    redact,
    json,
    quiet,
    verbose: verbose || env['RUNNER_DEBUG'] === '1',
    assumeYes: yes,
    interruptible: () =>
      (signal ??= listenForInterrupts(() => terminal.talk.write('\nStopping; press Ctrl-C again to stop at once.\n'))),
    say: (line) => void (quiet || terminal.talk.write(`${line}\n`)),
  }
}

function projectRoot(cwd: string): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, CONFIG_FILE))) return folder
    if (folder === dirname(folder)) return cwd
  }
}
