import { userInfo } from 'node:os'
import type { StepContext } from '../core/step.ts'

/** Who runs this, as far as the surroundings tell: the person behind a CI run, else the user of this machine. */
export function actorOf({ env }: Pick<StepContext, 'env'>): string | null {
  return env['GITHUB_ACTOR'] || env['GITLAB_USER_LOGIN'] || env['USER'] || env['USERNAME'] || systemUser()
}

function systemUser(): string | null {
  try {
    return userInfo().username
  } catch {
    return null // In a container a process may run as a user that has no name.
  }
}
