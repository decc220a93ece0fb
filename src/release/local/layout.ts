import { join } from 'node:path'
import { UserError } from '../../core/errors.ts'
import type { Release } from '../release.ts'

const NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/i

/** Where a local environment keeps its files. */
export interface EnvironmentFiles {
  readonly folder: string
  readonly config: string
  readonly state: string
  /** The pid of a supervisor that has been started and is not known to be ready. */
  readonly starting: string
  readonly log: string
  modelOf(release: Release): string
}

/** @throws UserError E_VALUE when an environment cannot be called that */
export function requireEnvironmentName(name: string): void {
  if (NAME.test(name)) return
  throw new UserError('E_VALUE', `"${name}" cannot be the name of an environment`, {
    hint: 'Use up to 63 letters, digits, dashes and underscores, for example staging.',
  })
}

/** @throws UserError E_VALUE when an environment cannot be called that */
export function environmentFiles(stateDir: string, name: string): EnvironmentFiles {
  requireEnvironmentName(name)
  const folder = join(stateDir, 'environments', name)
  return {
    folder,
    config: join(folder, 'supervisor.config.json'),
    state: join(folder, 'supervisor.state.json'),
    starting: join(folder, 'supervisor.starting'),
    log: join(folder, 'supervisor.log'),
    modelOf: (release) => join(folder, 'releases', release.id, `model${release.modelExtension}`),
  }
}
