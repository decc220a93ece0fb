import { UserError } from '../../core/errors.ts'
import { postgres } from './postgres.ts'
import { redis } from './redis.ts'
import { findService, type ServiceContext, type ServiceDriver, type ServiceSource, type ServiceWay } from './service.ts'

/** The services that a stage may ask for, by their name in the pipeline file. */
export const SERVICES: Readonly<Record<string, ServiceDriver>> = { postgres, redis }

/**
 * How a service can be had here, without starting it.
 *
 * @returns a UserError (not thrown: an optional service may be missing) when it cannot
 */
export async function locateService(
  name: string,
  via: ServiceSource | null,
  context: ServiceContext,
): Promise<ServiceWay | UserError> {
  const driver = SERVICES[name]!
  return findService(driver, via, context, (message) => new UserError('E_SERVICE', message, { hint: driver.howToGet }))
}
