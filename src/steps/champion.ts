import { join } from 'node:path'
import { closing } from '../core/closing.ts'
import { UserError } from '../core/errors.ts'
import type { Predictor } from '../core/predictor.ts'
import { file, type Resource, type StepContext } from '../core/step.ts'
import { displayUrl } from '../drivers/http.ts'
import { PrivateFolder } from '../drivers/private-folder.ts'
import { isEndpoint } from '../model/predictors/open.ts'
import type { NoChampion } from '../model/suite/subject.ts'
import { versionName } from '../registry/model-version.ts'
import { openRegistry } from '../registry/registry.ts'
import type { ModelData } from './model-data.ts'

/** What is done when the registry has no champion yet. */
export type IfNoChampion = 'error' | 'skip'

/** `mortgage@champion` or `mortgage/3`. A file of such a name is meant by `./mortgage/3`. */
const REFERENCE = /^[a-z0-9][a-z0-9._-]*(?:@[a-z0-9._-]+|\/[1-9]\d{0,8})$/i

const isReference = (champion: string): boolean => REFERENCE.test(champion)

/** What the champion's answers depend on. */
export function championReads(champion: string | undefined): Resource[] {
  if (champion === undefined) return []
  if (isEndpoint(champion)) {
    return [{ kind: 'unknown', why: `the model behind ${displayUrl(champion)} can change at any time` }]
  }
  return [isReference(champion) ? { kind: 'registry', name: champion.split(/[/@]/)[0]! } : file(champion)]
}

export interface OpenedChampion {
  readonly champion: Predictor | NoChampion
  close(): Promise<void>
}

/**
 * Opens the champion beside the model that is judged: a version of the registry, an endpoint or a file, with the same settings and for
 * the same rows. Python models are scanned first.
 *
 * @throws UserError E_FILE_MISSING and what opening a model throws; a version that the registry lacks is none, with the reason
 */
export async function openChampion(
  { stateDir }: StepContext,
  given: string,
  ifNone: IfNoChampion,
  data: ModelData,
): Promise<OpenedChampion> {
  if (!isReference(given)) return opened(await data.openAnother(given), given, data, async () => {})
  const folder = new PrivateFolder('champion')
  try {
    const found = await closing(openRegistry(stateDir), async (registry) => {
      const version = registry.resolve(given)
      const path = join(await folder.open(), version.file)
      await registry.copyModel(version, path)
      return { path, name: versionName(version) }
    })
    return opened(await data.openAnother(found.path), given === found.name ? given : `${given} (${found.name})`, data, async () =>
      folder.remove(),
    )
  } catch (error) {
    folder.remove()
    if (!(error instanceof UserError) || error.code !== 'E_NOT_FOUND') throw error
    return { champion: noChampion(given, ifNone, error), close: async () => {} }
  }
}

/** The champion as the suite asks it: each model gets the columns that are its own. */
function opened(predictor: Predictor, name: string, { features, table }: ModelData, clean: () => Promise<void>): OpenedChampion {
  return {
    champion: {
      kind: predictor.kind,
      name,
      digest: predictor.digest,
      features: predictor.features,
      importances: predictor.importances,
      predict: (_table, options) => predictor.predict(predictor.features === null ? features : table, options),
      close: async () => {},
    },
    async close() {
      try {
        await predictor.close()
      } finally {
        await clean()
      }
    },
  }
}

function noChampion(given: string, ifNone: IfNoChampion, { message, hint }: UserError): NoChampion {
  if (ifNone === 'skip') {
    return { verdict: 'skip', reason: `${message}, so there is no champion to compare with yet, as if-no-champion: skip allows` }
  }
  const name = given.split(/[/@]/)[0]!
  return {
    verdict: 'error',
    reason: `there is no champion to compare with: ${message}`,
    hint:
      `For the first model, give if-no-champion: skip; register it, and point the alias to it: plimsoll models alias ${name}/1 ${given.split('@')[1] ?? 'champion'}. ` +
      (hint ?? ''),
  }
}
