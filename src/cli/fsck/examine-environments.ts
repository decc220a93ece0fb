import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { count } from '../../core/counts.ts'
import { digestFile, displayPath, statIfExists } from '../../drivers/files.ts'
import { releasesIn } from '../../release/verify-records.ts'
import type { Release } from '../../release/release.ts'
import type { Examination } from './examination.ts'

const Config = z.looseObject({ server: z.looseObject({ releaseId: z.string(), modelDigest: z.string() }) })

/** What the environments serve from: the files of their releases, and the configuration of their supervisor. */
export const examineEnvironments: Examination = {
  id: 'environments',
  title: 'What each environment serves is its release',
  async examine({ stateDir, root, database }) {
    const folder = join(stateDir, 'environments')
    const names = (await statIfExists(folder)) ? (await readdir(folder)).toSorted() : []
    if (names.length === 0) return { looked: 'No environments', problems: [] }
    const releases = releasesIn(database)
    const problems: string[] = []
    let files = 0
    for (const name of names) {
      const shown = (path: string) => displayPath(root, path)
      const placed = join(folder, name, 'releases')
      for (const id of (await statIfExists(placed)) ? (await readdir(placed)).toSorted() : []) {
        const release = releases.get(id)
        for (const file of await readdir(join(placed, id))) {
          if (file.endsWith('.tmp')) continue
          files++
          const path = join(placed, id, file)
          if (!release) problems.push(`${shown(path)} belongs to a release that is not there.`)
          else if ((await digestFile(path)) !== release.modelDigest)
            problems.push(`${shown(path)} was changed or damaged: it is not the model of release ${id}.`)
        }
      }
      problems.push(...(await configProblems(join(folder, name, 'supervisor.config.json'), shown, releases)))
    }
    return { looked: `${count(files, 'file')} of ${count(names.length, 'environment')}`, problems }
  },
}

async function configProblems(
  path: string,
  shown: (path: string) => string,
  releases: ReadonlyMap<string, Release>,
): Promise<string[]> {
  if (!(await statIfExists(path))) return []
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, 'utf8'))
  } catch {
    return [`${shown(path)} is not JSON.`]
  }
  const parsed = Config.safeParse(value)
  if (!parsed.success) return [`${shown(path)} is not the configuration of a supervisor.`]
  const { releaseId, modelDigest } = parsed.data.server
  if (releases.get(releaseId)?.modelDigest === modelDigest) return []
  return [`${shown(path)} names another model than release ${releaseId} has.`]
}
