import { checkResult, type CheckResult } from '../core/check.ts'
import { UserError } from '../core/errors.ts'
import { locateService, SERVICES } from '../drivers/services/index.ts'
import type { RunningService, ServiceContext, ServiceWay } from '../drivers/services/service.ts'
import { brokenResult } from './reports.ts'
import type { Stage } from './pipeline.ts'

export type LocatedServices = ReadonlyMap<string, ServiceWay | UserError>

/** Where each service of a stage would come from. Nothing is started. */
export async function locateServices(stage: Stage, context: ServiceContext): Promise<LocatedServices> {
  const located = Object.entries(stage.services).map(
    async ([name, { via }]) => [name, await locateService(name, via, context)] as const,
  )
  return new Map(await Promise.all(located))
}

/** As fields of a fingerprint: `local /usr/lib/postgresql/15/bin`, `not available`. */
export function describeServices(located: LocatedServices): Record<string, string> {
  return Object.fromEntries(
    [...located].map(([name, way]) => [name, way instanceof UserError ? 'not available' : `${way.via} ${way.detail}`]),
  )
}

export interface StageServices {
  /** One for each service: `pass` when it is there, `skip` when an optional one is not, else `error`. */
  readonly results: readonly CheckResult[]
  readonly env: Readonly<Record<string, string>>
  readonly secrets: readonly string[]
  readonly stop: () => Promise<void>
}

/** Starts the services of a stage, all at once. Throws only the signal's reason, and then leaves nothing running. */
export async function startServices(stage: Stage, located: LocatedServices, context: ServiceContext): Promise<StageServices> {
  const running: RunningService[] = []
  const env: Record<string, string> = {}
  const stop = async () => void (await Promise.all(running.map((service) => service.stop())))
  const startOne = async ([name, way]: [string, ServiceWay | UserError]): Promise<CheckResult> => {
    const [check, title] = [`service.${name}`, `Service ${name}`]
    try {
      if (way instanceof UserError) throw way
      const service = await way.start(context)
      running.push(service)
      env[SERVICES[name]!.variable] = service.url
      return checkResult({ check, title, verdict: 'pass', message: `${name}: ${way.via}, ${way.detail}` })
    } catch (error) {
      context.signal.throwIfAborted()
      if (!(error instanceof UserError && stage.services[name]!.optional)) return brokenResult(check, title, error)
      const message = `${name}: not available here, and optional. ${error.message}`
      return checkResult({ check, title, verdict: 'skip', message, ...(error.hint !== undefined && { hint: error.hint }) })
    }
  }
  const settled = await Promise.allSettled([...located].map(startOne))
  const failed = settled.find((result) => result.status === 'rejected')
  if (failed) {
    await stop()
    throw failed.reason
  }
  const results = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  return { results, env, secrets: running.flatMap((service) => service.secrets), stop }
}
