import type { DatabaseView } from '../drivers/sqlite.ts'
import { releaseOf, type Release } from './release.ts'

/** The releases that can be read, by id. */
export function releasesIn(database: DatabaseView): Map<string, Release> {
  const rows = database.all<{ id: string; document: string }>('SELECT id, document FROM release')
  return new Map(
    rows.flatMap(({ id, document }) => {
      const release = parsed(document)
      return release ? [[id, release] as const] : []
    }),
  )
}

/** What contradicts itself among releases, deployments and approvals, whatever a log says: each problem as a sentence. */
export function releaseProblems(database: DatabaseView): string[] {
  const rows = database.all<{ id: string; document: string }>('SELECT id, document FROM release ORDER BY id')
  const known = new Set(rows.map(({ id }) => id))
  const deployments = database.all<{ id: number; environment: string; release_id: string; previous_release_id: string | null }>(
    'SELECT id, environment, release_id, previous_release_id FROM deployment ORDER BY id',
  )
  const approvals = database.all<{ id: number; environment: string; release_id: string }>(
    'SELECT id, environment, release_id FROM approval ORDER BY id',
  )
  return [
    ...rows.flatMap(({ id, document }) => releaseProblem(id, document)),
    ...deployments.flatMap(({ id, environment, release_id, previous_release_id }) =>
      [release_id, previous_release_id]
        .filter((release) => release !== null && !known.has(release))
        .map((release) => `Deployment ${id} of ${environment} names the release ${release}, which is not there.`),
    ),
    ...approvals
      .filter(({ release_id }) => !known.has(release_id))
      .map(
        ({ id, environment, release_id }) =>
          `Approval ${id} of ${environment} is of the release ${release_id}, which is not there.`,
      ),
  ]
}

/** A release is named by its content. */
function releaseProblem(id: string, document: string): string[] {
  const release = parsed(document)
  if (!release) return [`The document of release ${id} is not JSON.`]
  const { id: named, ...content } = release
  const computed = releaseOf(content).id
  return named === id && computed === id ? [] : [`Release ${id} is not what its id says: its content is that of ${computed}.`]
}

function parsed(document: string): Release | undefined {
  try {
    return JSON.parse(document) as Release
  } catch {
    return undefined
  }
}
