import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'
import { packageRoot } from '../../src/drivers/self.ts'

const BIN = join(packageRoot, 'bin/plimsoll.js')

export interface CliResult {
  readonly stdout: string
  readonly stderr: string
  /** Null when a signal ended it. */
  readonly code: number | null
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>
}

const folders: string[] = []
afterAll(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })))

/** A folder of its own with these files in it, gone when the tests of the file are done. */
export function scratch(files: Readonly<Record<string, string>> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'plimsoll-e2e-')))
  folders.push(folder)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

/** The real command line as a process of its own, in a plain environment. */
export function startCli(cwd: string, line: readonly string[], { env = {} }: CliOptions = {}): ChildProcess {
  const { PATH = '', HOME = '', TMPDIR = '' } = process.env
  // Folders below the system's temporary one must not be taken for a part of a repository above it.
  const plain = { PATH, HOME, ...(TMPDIR && { TMPDIR }), GIT_CEILING_DIRECTORIES: tmpdir(), ...env }
  return spawn(process.execPath, [BIN, ...line], { cwd, env: plain, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Runs it to its end. What differs from run to run (folder, times, ids) is written in the same way each time. */
export async function cli(cwd: string, line: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return finished(startCli(cwd, line, options), cwd)
}

export function finished(child: ChildProcess, cwd: string): Promise<CliResult> {
  const streams = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name]!.setEncoding('utf8').on('data', (text: string) => (streams[name] += text))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      const tidy = (text: string) => normalised(text, cwd)
      resolve({ stdout: tidy(streams.stdout), stderr: tidy(streams.stderr), code })
    })
  })
}

export function normalised(text: string, cwd: string): string {
  return text
    .replaceAll(cwd, '<dir>')
    .replaceAll(/\b[a-z0-9]{8}-[0-9a-f]{4}\b/g, '<run>')
    .replaceAll(/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?Z)?/g, '<when>')
    .replaceAll(/ *\b(\d+ m \d\d s|\d+(\.\d+)? (ms|s))\b/g, ' <time>')
    .replaceAll(/[ ]+$/gm, '')
}
