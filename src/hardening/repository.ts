import { lstat, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../core/errors.ts'
import { exec } from '../drivers/exec.ts'
import { TextFile } from './text-file.ts'

/** Text of a repository is far smaller; what is larger is named as not examined. */
const LONGEST_TEXT = 5 << 20
const MOST_FILES = 200_000
/** Where there is no git to say what belongs to the repository. */
const FOREIGN = new Set(['.git', 'node_modules', '.venv', 'venv', '__pycache__', '.plimsoll', '.tox', '.mypy_cache'])

/** The files of a repository, as git knows them, or of a folder. */
export interface Repository {
  readonly root: string
  /** Relative, with forward slashes, sorted. Ignored files are not of the repository. */
  readonly files: readonly string[]
  readonly git: 'full' | 'shallow' | 'none'
  readonly env: Readonly<Record<string, string>>
}

/** What belongs to the repository in a folder. Its own configuration is not trusted to start programs. */
export async function openRepository(root: string, env: Readonly<Record<string, string>>): Promise<Repository> {
  const shallow = await gitLines(root, env, ['rev-parse', '--is-shallow-repository'])
  if (!shallow) return { root, env, git: 'none', files: (await filesBelow(root, '')).toSorted() }
  const names = await gitLines(root, env, ['ls-files', '--cached', '--others', '--exclude-standard', '--full-name', '.'])
  const prefix = (await gitLines(root, env, ['rev-parse', '--show-prefix']))?.[0] ?? ''
  const files = (names ?? []).map(unquoted).flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []))
  return { root, env, git: shallow[0] === 'true' ? 'shallow' : 'full', files: [...new Set(files)].toSorted() }
}

/** For git on a repository that may be hostile: no pager, no hooks, no monitors. */
export const GIT = [
  'git',
  '--no-pager',
  '-c',
  'core.quotePath=false',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
] as const
export const gitEnv = (env: Readonly<Record<string, string>>): Record<string, string> => ({
  ...env,
  GIT_OPTIONAL_LOCKS: '0',
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
})

/** The lines that git prints; undefined outside a repository and where git is not installed. */
async function gitLines(
  cwd: string,
  env: Readonly<Record<string, string>>,
  words: readonly string[],
): Promise<string[] | undefined> {
  const lines: string[] = []
  try {
    const { exitCode } = await exec([...GIT, ...words], {
      cwd,
      env: gitEnv(env),
      timeout: 60_000,
      onLine: (line, stream) => void (stream === 'stdout' && lines.length < MOST_FILES && lines.push(line)),
    })
    return exitCode === 0 ? lines : undefined
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

/** git writes names with control characters and quotes as C strings. */
function unquoted(name: string): string {
  if (!name.startsWith('"')) return name
  const bytes = name
    .slice(1, -1)
    .replaceAll(/\\([0-7]{3}|.)/g, (_, code: string) =>
      code.length === 3
        ? String.fromCharCode(Number.parseInt(code, 8))
        : (({ n: '\n', t: '\t', r: '\r' } as Record<string, string>)[code] ?? code),
    )
  return bytes
}

async function filesBelow(root: string, folder: string): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isFile()) found.push(path)
    else if (entry.isDirectory() && !FOREIGN.has(entry.name)) found.push(...(await filesBelow(root, path)))
    if (found.length > MOST_FILES) break
  }
  return found
}

export type ReadFile =
  | { readonly text: TextFile }
  | { readonly binary: true }
  | { readonly tooLong: number }
  | { readonly gone: true }

/** The text of a file of the repository. Links are not followed. */
export async function readText({ root }: Repository, path: string): Promise<ReadFile> {
  const absolute = join(root, path)
  const stats = await lstat(absolute).catch(() => undefined)
  if (!stats?.isFile()) return { gone: true }
  const file = await open(absolute, 'r')
  try {
    const head = Buffer.alloc(Math.min(stats.size, 8192))
    await file.read(head, 0, head.length, 0)
    if (head.includes(0)) return { binary: true }
    if (stats.size > LONGEST_TEXT) return { tooLong: stats.size }
    const bytes = Buffer.alloc(stats.size)
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
    return {
      text: new TextFile(
        path,
        bytes
          .subarray(0, bytesRead)
          .toString('utf8')
          .replace(/^\ufeff/, ''),
      ),
    }
  } finally {
    await file.close()
  }
}
