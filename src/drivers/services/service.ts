import type { UserError } from '../../core/errors.ts'

/**
 * Where a service may come from, in the order in which the ways are tried: a URL that the environment gives, a server
 * binary on this machine, a container, PostgreSQL compiled to WebAssembly.
 */
export const SERVICE_SOURCES = ['url', 'local', 'docker', 'pglite'] as const
export type ServiceSource = (typeof SERVICE_SOURCES)[number]

export interface ServiceContext {
  /** The project folder: an optional package may be installed there. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/** A server that is ready for connections. */
export interface RunningService {
  readonly url: string
  /** Parts of the URL that must not be seen. */
  readonly secrets: readonly string[]
  /** Ends it and removes its scratch folder; what was given by the environment stays. Never throws. */
  readonly stop: () => Promise<void>
}

/** A way to have a service that is there on this machine, not yet gone. */
export interface ServiceWay {
  readonly via: ServiceSource
  /** `/usr/lib/postgresql/15/bin`, `postgres:17-alpine`, … Never a secret. */
  readonly detail: string
  /** @throws UserError E_SERVICE; the signal's reason when aborted. Nothing is left behind then. */
  readonly start: (context: ServiceContext) => Promise<RunningService>
}

/** One kind of service. Every way to have it gives the same: an empty server of its own, at a URL. */
export interface ServiceDriver {
  readonly name: string
  /** The variable that holds the URL, for the steps of the stage, and beforehand where the environment gives it. */
  readonly variable: string
  /** The ways by which it can be had; each answers undefined when it is not there. */
  readonly ways: Readonly<Partial<Record<ServiceSource, (context: ServiceContext) => Promise<ServiceWay | undefined>>>>
  /** How to get it, for the message when there is no way. */
  readonly howToGet: string
}

/** The first way that is there, or the only one allowed by `via`; an error that says how to get the service when there is none. */
export async function findService(
  driver: ServiceDriver,
  via: ServiceSource | null,
  context: ServiceContext,
  unavailable: (message: string) => UserError,
): Promise<ServiceWay | UserError> {
  for (const source of SERVICE_SOURCES) {
    if (via !== null && source !== via) continue
    const way = await driver.ways[source]?.(context)
    if (way) return way
  }
  return unavailable(via === null ? `${driver.name} is not available here.` : `${driver.name} is not available here via ${via}.`)
}
