import type { Report } from '../core/report.ts'

/** Where a run left an environment. */
export interface EnvironmentLine {
  readonly name: string
  readonly state: string
  readonly url?: string | null
  readonly release?: string | null
}

/** What a run's report says of itself, as far as it says it. */
export interface RunDetails {
  readonly runId: string | null
  readonly commit: string | null
  readonly branch: string | null
  readonly dirty: boolean
  readonly event: string | null
  readonly environments: readonly EnvironmentLine[]
}

/** Reads `details` of a run's report; it is untyped there, because a report may have been written by another version. */
export function runDetails({ details = {} }: Report): RunDetails {
  const environments = Array.isArray(details['environments']) ? details['environments'] : []
  return {
    runId: text(details['runId']),
    commit: text(details['commit']),
    branch: text(details['branch']),
    dirty: details['dirty'] === true,
    event: text(details['event']),
    environments: environments.filter(isObject).map((entry) => ({
      name: text(entry['name']) ?? '?',
      state: text(entry['state']) ?? '?',
      url: text(entry['url']),
      release: text(entry['release']),
    })),
  }
}

/** `main @ 3f2a1c9 (with uncommitted changes)`, or empty outside a repository. */
export function formatGit({ commit, branch, dirty }: RunDetails): string {
  const place = [branch, commit?.slice(0, 7)].filter(Boolean).join(' @ ')
  return place !== '' && dirty ? `${place} with uncommitted changes` : place
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
