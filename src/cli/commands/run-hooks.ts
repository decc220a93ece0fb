import { closing } from '../../core/closing.ts'
import { unreachable } from '../../core/errors.ts'
import type { Report } from '../../core/report.ts'
import type { Resource } from '../../core/step.ts'
import type { RunHooks, RunOptions } from '../../pipeline/run-options.ts'
import { environmentsOf } from '../../pipeline/run-stage.ts'
import { openRegistry } from '../../registry/registry.ts'
import { currentRelease, ensureUp, listEnvironments } from '../../release/local/environments.ts'
import { describeRelease } from '../../release/release.ts'
import type { EnvironmentLine } from '../../report/run-details.ts'

export interface HookOptions {
  readonly stateDir: string
  readonly env: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** Known once the run has begun. */
  readonly runId: () => string | null
  readonly say: (line: string) => void
}

/** What a pipeline asks of the rooms that it does not know: the registry and the environments. */
export function pipelineHooks({ stateDir, env, signal, runId, say }: HookOptions): RunHooks {
  return {
    resolve: async (resource) => stateOf(stateDir, resource),
    async beforeStage(_stage, environments) {
      for (const name of environments) {
        const { problem } = await ensureUp(stateDir, name, { runId: runId(), env, signal })
        // The stage may be what mends it: it runs, and its own checks say what does not answer.
        if (problem !== null) say(`${name} does not start with the release it is at: ${problem}`)
      }
    },
  }
}

function stateOf(stateDir: string, resource: Resource): string {
  switch (resource.kind) {
    case 'environment':
      return currentRelease(stateDir, resource.name) ?? 'none'
    case 'registry':
      return closing(openRegistry(stateDir), (registry) => registry.stateOf(resource.name))
    case 'file':
    case 'secret':
    case 'unknown':
      return 'none' // the pipeline looks at files and secrets itself
    default:
      return unreachable(resource)
  }
}

/** For `--keep`: environments that only cached stages speak of were not needed so far. Those that a failed run did not come to stay as they are. */
export async function startWhatRunNames({ pipeline, env, hooks }: RunOptions, report: Report): Promise<void> {
  const cached = new Set(report.children.flatMap(({ name, origin }) => (origin.from === 'cache' ? [name] : [])))
  for (const stage of pipeline.stages) {
    if (cached.has(stage.name)) await hooks.beforeStage(stage.name, environmentsOf(stage, env))
  }
}

/** Every environment as it is left, for the report. */
export async function environmentLines(stateDir: string): Promise<EnvironmentLine[]> {
  return (await listEnvironments(stateDir)).map(({ name, up, url, release }) => ({
    name,
    state: up ? 'up' : 'stopped',
    url,
    release: release && describeRelease(release),
  }))
}
