import { digestOf, type Digest } from '../core/digest.ts'
import type { DatabaseView } from '../drivers/sqlite.ts'
import { lineageDigest, versionName } from './model-version.ts'
import type { Document } from './registry.ts'

interface Row {
  readonly name: string
  readonly version: number
  readonly identity: string
  readonly digest: Digest
  readonly document: string
}

/** The blobs that the registry needs, with the version that needs each. */
export function neededBlobs(database: DatabaseView): { readonly digest: string; readonly by: string }[] {
  return database
    .all<Row>('SELECT name, version, digest FROM model_version')
    .map((row) => ({ digest: row.digest, by: versionName(row) }))
}

/** What contradicts itself among versions and aliases, whatever a log says: each problem as a sentence. */
export function registryProblems(database: DatabaseView): string[] {
  const versions = database.all<Row>('SELECT name, version, identity, digest, document FROM model_version ORDER BY name, version')
  return [...versions.flatMap(versionProblems), ...aliasProblems(database)]
}

/** A version is named by its weights and lineage, so these can be computed again. */
function versionProblems(row: Row): string[] {
  const name = versionName(row)
  let document: Document
  try {
    document = JSON.parse(row.document) as Document
  } catch {
    return [`The document of ${name} is not JSON.`]
  }
  const lineage = lineageDigest(document.lineage)
  return [
    ...(document.lineageDigest === lineage ? [] : [`The lineage of ${name} is not what its digest says.`]),
    ...(row.identity === digestOf({ digest: row.digest, lineage })
      ? []
      : [`The identity of ${name} is not that of its digest and lineage: one of them was changed.`]),
  ]
}

/** An alias points where its last move went. */
function aliasProblems(database: DatabaseView): string[] {
  const now = database.all<{ name: string; alias: string; version: number }>('SELECT name, alias, version FROM alias')
  const moves = database.all<{ name: string; alias: string; version: number | null }>(
    'SELECT name, alias, version FROM alias_move ORDER BY id',
  )
  const last = new Map(moves.map((move) => [`${move.name}@${move.alias}`, move.version]))
  const wrong = now.flatMap(({ name, alias, version }) => {
    const moved = last.get(`${name}@${alias}`)
    last.delete(`${name}@${alias}`)
    return moved === version ? [] : [`${name}@${alias} points to ${version}, and its last move was to ${moved ?? 'nothing'}.`]
  })
  const gone = [...last].filter(([, version]) => version !== null)
  return [...wrong, ...gone.map(([name, version]) => `${name} is gone, and its last move was to ${version}.`)]
}
