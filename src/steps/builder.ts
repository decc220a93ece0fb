import type { Builder } from '../signing/predicates/provenance.ts'

type Env = Readonly<Record<string, string>>

/** Where nothing is known but that it was no CI: SLSA calls that level 0. */
const LOCAL = 'https://www.npmjs.com/package/plimsoll#local-machine'

/**
 * Who runs this, as far as the environment tells. It is what the surroundings say of themselves: who may set the environment may
 * claim anything, so it counts as much as the key that signs it. A platform that signs by itself, so that the build cannot forge
 * it, would be level 2.
 */
export function builderOf(env: Env): Builder {
  const { GITHUB_ACTIONS, GITHUB_SERVER_URL, GITHUB_WORKFLOW_REF, GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT } = env
  if (GITHUB_ACTIONS === 'true' && GITHUB_WORKFLOW_REF) {
    const server = GITHUB_SERVER_URL ?? 'https://github.com'
    const run = `${server}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}/attempts/${GITHUB_RUN_ATTEMPT ?? '1'}`
    return { id: `${server}/${GITHUB_WORKFLOW_REF}`, invocationId: run, slsaBuildLevel: 1 }
  }
  const { GITLAB_CI, CI_PROJECT_URL, CI_CONFIG_PATH, CI_COMMIT_REF_NAME, CI_JOB_URL } = env
  if (GITLAB_CI === 'true' && CI_PROJECT_URL) {
    const id = `${CI_PROJECT_URL}//${CI_CONFIG_PATH ?? '.gitlab-ci.yml'}@refs/heads/${CI_COMMIT_REF_NAME ?? ''}`
    return { id, invocationId: CI_JOB_URL ?? null, slsaBuildLevel: 1 }
  }
  return { id: LOCAL, invocationId: null, slsaBuildLevel: 0 }
}

/** The address of the repository that a CI builds. */
export function repositoryOf(env: Env): string | null {
  if (env['GITHUB_REPOSITORY']) return `${env['GITHUB_SERVER_URL'] ?? 'https://github.com'}/${env['GITHUB_REPOSITORY']}`
  return env['CI_PROJECT_URL'] ?? null
}
