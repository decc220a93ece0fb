import { availableParallelism } from 'node:os'
import type { GitInfo } from '../core/step.ts'
import type { InconclusivePolicy } from '../core/verdict.ts'

type Env = Readonly<Record<string, string>>

/** The environment of this process without the names that are not set. */
export function definedEnv(env: NodeJS.ProcessEnv): Env {
  return Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}

/** What started the run: the CI's word for it, `manual` on a person's machine. */
export function eventOf(env: Env): string {
  return env['GITHUB_EVENT_NAME'] ?? GITLAB_EVENTS[env['CI_PIPELINE_SOURCE'] ?? ''] ?? env['CI_PIPELINE_SOURCE'] ?? 'manual'
}

const GITLAB_EVENTS: Readonly<Record<string, string>> = { merge_request_event: 'pull_request' }

/** What too little evidence does when nothing is said: on a pull request it is shown, elsewhere it blocks. */
export const policyOf = (event: string): InconclusivePolicy => (event.startsWith('pull_request') ? 'warn' : 'block')

/**
 * The branch that is built. A CI checks out a commit, so git itself does not know. A pull request is `pull-request/` and the name of
 * its own branch: a fork may call that `main`, and `if: branch == 'main'` must not hold for it.
 */
export function branchOf(env: Env, git: GitInfo): string | undefined {
  const asked = env['GITHUB_HEAD_REF'] || env['CI_MERGE_REQUEST_SOURCE_BRANCH_NAME']
  if (asked) return `pull-request/${asked}`
  return env['GITHUB_REF_NAME'] || env['CI_COMMIT_REF_NAME'] || git.branch || undefined
}

export const onGithub = (env: Env): boolean => env['GITHUB_ACTIONS'] === 'true'

/** Stages that run at the same time when nothing is said: one core is left for this process. */
export const defaultParallelism = (): number => Math.max(1, Math.min(4, availableParallelism()))
