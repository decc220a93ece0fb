import { UserError } from '../core/errors.ts'
import type { GitInfo } from '../core/step.ts'
import { exec } from './exec.ts'

const NOTHING: GitInfo = { commit: null, branch: null, dirty: false }

/** Commit, branch and whether tracked files are changed; all null outside a repository or where there is no git. */
export async function gitInfo(cwd: string, env: Readonly<Record<string, string>>): Promise<GitInfo> {
  const lines: string[] = []
  try {
    const { exitCode } = await exec(['git', 'status', '--porcelain=v2', '--branch', '--untracked-files=no'], {
      cwd,
      env: { ...env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
      timeout: 10_000,
      onLine: (line, stream) => void (stream === 'stdout' && lines.push(line)),
    })
    if (exitCode !== 0) return NOTHING
  } catch (error) {
    if (error instanceof UserError) return NOTHING
    throw error
  }
  const header = (name: string) => lines.find((line) => line.startsWith(`# branch.${name} `))?.slice(`# branch.${name} `.length)
  const [commit, branch] = [header('oid'), header('head')]
  return {
    commit: commit === undefined || commit === '(initial)' ? null : commit,
    branch: branch === undefined || branch === '(detached)' ? null : branch,
    dirty: lines.some((line) => !line.startsWith('#')),
  }
}
