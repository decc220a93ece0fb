import type { GitInfo } from '../core/step.ts'
import { UserError } from '../core/errors.ts'
import { exec } from './exec.ts'

const OUTSIDE: GitInfo = { commit: null, branch: null, dirty: false }

/**
 * What git says of a folder. Null commit and branch outside a repository, and where git is not installed; null branch when no
 * branch is checked out. `dirty` means changes to files that git tracks, as in `git describe --dirty`.
 */
export async function gitInfo(cwd: string, env: Readonly<Record<string, string>>): Promise<GitInfo> {
  const lines: string[] = []
  let dirty = false
  try {
    const { exitCode } = await exec(['git', 'status', '--porcelain=v2', '--branch', '--untracked-files=no'], {
      cwd,
      env: { ...env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
      timeout: 30_000,
      onLine(line, stream) {
        if (stream !== 'stdout') return
        if (line.startsWith('# ')) lines.push(line)
        else dirty = true
      },
    })
    if (exitCode !== 0) return OUTSIDE
  } catch (error) {
    if (error instanceof UserError) return OUTSIDE
    throw error
  }
  const field = (name: string) => lines.find((line) => line.startsWith(`# ${name} `))?.slice(name.length + 3)
  const known = (value: string | undefined) => (value === undefined || value.startsWith('(') ? null : value)
  return { commit: known(field('branch.oid')), branch: known(field('branch.head')), dirty }
}
