import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { count } from '../../core/counts.ts'
import { digestFile, displayPath, statIfExists } from '../../drivers/files.ts'
import { neededCopies } from '../../pipeline/verify-records.ts'
import { neededBlobs } from '../../registry/verify-records.ts'
import { releasesIn } from '../../release/verify-records.ts'
import type { Examination, Examined } from './examination.ts'

interface Need {
  readonly digest: string
  readonly by: string
}

/** The models of the registry and of releases. */
export const examineBlobs: Examination = {
  id: 'blobs',
  title: 'Each model is what its digest says',
  examine: (examined) => {
    const { database } = examined
    const released = ifThere(examined, 'release', () =>
      [...releasesIn(database)].map(([id, { modelDigest }]) => ({ digest: modelDigest, by: `release ${id}` })),
    )
    return examineStore(examined, 'blobs', [...ifThere(examined, 'model_version', () => neededBlobs(database)), ...released])
  },
}

/** The copies of what stages have written. */
export const examineCopies: Examination = {
  id: 'copies',
  title: 'Each copy that a cached answer needs is what its digest says',
  examine: (examined) =>
    examineStore(
      examined,
      'cache/blobs',
      ifThere(examined, 'pipeline_cache', () => neededCopies(examined.database)),
    ),
}

function ifThere({ database }: Examined, table: string, read: () => Need[]): Need[] {
  return database.get(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?`, table) ? read() : []
}

async function examineStore({ stateDir, root, signal }: Examined, store: string, needs: readonly Need[]) {
  const folder = join(stateDir, ...store.split('/'), 'sha256')
  const names = (await statIfExists(folder)) ? (await readdir(folder)).filter((name) => !/^\..*\.tmp$/.test(name)) : []
  const needed = new Map(needs.map(({ digest, by }) => [digest.replace('sha256:', ''), by]))
  const problems: string[] = []
  for (const name of names.toSorted()) {
    signal.throwIfAborted()
    const path = join(folder, name)
    const shown = displayPath(root, path)
    const by = needed.get(name)
    if (!/^[0-9a-f]{64}$/.test(name)) problems.push(`${shown} is not named as a blob.`)
    else if ((await digestFile(path)) !== `sha256:${name}`)
      problems.push(
        `${shown} was changed or damaged: its content is not what its name says${by ? ` (it is needed by ${by})` : ''}.`,
      )
  }
  const present = new Set(names)
  const lost = [...needed].filter(([name]) => !present.has(name))
  const unused = names.filter((name) => !needed.has(name)).length
  return {
    looked: `${count(names.length, 'blob')} hashed`,
    problems: [...problems, ...lost.map(([name, by]) => `The blob sha256:${name} is gone; ${by} needs it.`)],
    remarks: unused > 0 && store === 'blobs' ? [`${count(unused, 'blob')} belong to no version and no release.`] : [],
  }
}
