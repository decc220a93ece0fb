import type { Deployment } from './records.ts'

/** The newest deployment that succeeded; undefined before the first. */
export function latestDeployment(deployments: readonly Deployment[]): Deployment | undefined {
  return deployments.findLast(({ state }) => state === 'succeeded')
}

/**
 * The releases that an environment can go back through, the current one last. A deployment puts its release on top; a
 * rollback takes off what is above its target. So a second rollback goes one further back, and never forward again to
 * the release that was rolled back from.
 */
export function releaseStack(deployments: readonly Deployment[]): string[] {
  const stack: string[] = []
  for (const { state, kind, releaseId } of deployments) {
    if (state !== 'succeeded' || stack.at(-1) === releaseId) continue
    const below = stack.lastIndexOf(releaseId)
    if (kind === 'rollback' && below >= 0) stack.length = below + 1
    else stack.push(releaseId)
  }
  return stack
}
