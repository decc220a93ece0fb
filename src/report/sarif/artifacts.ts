import { allReports, type Report } from '../../core/report.ts'
import { artifactLocation } from './uri.ts'

interface Artifact {
  readonly location: object
  readonly parentIndex?: number
  readonly length?: number
  readonly hashes?: { readonly 'sha-256': string }
}

/** The files that results are in, each once, and the members of archives as artifacts nested in them (section 3.24). */
export class Artifacts {
  readonly list: Artifact[] = []
  readonly #index = new Map<string, number>()
  readonly #known: ReadonlyMap<string, KnownFile>

  constructor(report: Report) {
    this.#known = knownFiles(report)
  }

  /** The index of a file in the list. */
  file(path: string): number {
    return this.#add(path, () => {
      const known = this.#known.get(path)
      return {
        location: artifactLocation(path),
        ...(known?.bytes !== undefined && { length: known.bytes }),
        ...(known && { hashes: { 'sha-256': known.sha256 } }),
      }
    })
  }

  /** The index of what `members` lead to, from the outermost file inwards. */
  member(file: string, members: readonly string[]): number {
    let parentIndex = this.file(file)
    let path = file
    for (const member of members) {
      path = `${path}!${member}`
      const parent = parentIndex
      parentIndex = this.#add(path, () => ({ location: { uri: `/${encoded(member)}` }, parentIndex: parent }))
    }
    return parentIndex
  }

  /**
   * `model.pt!archive/data.pkl` as the file and the members that lead to it. Names may hold `!`: a file that is known to be one wins.
   */
  split(path: string, container: string | undefined): { file: string; members: readonly string[] } {
    const isFile = (name: string) => name === container || this.#known.has(name)
    const names = path.split('!')
    for (let end = names.length; end > 0; end--) {
      const file = names.slice(0, end).join('!')
      if (isFile(file)) return { file, members: names.slice(end) }
    }
    return { file: path, members: [] }
  }

  #add(path: string, make: () => Artifact): number {
    const known = this.#index.get(path)
    if (known !== undefined) return known
    const index = this.list.length
    this.#index.set(path, index)
    this.list.push(make())
    return index
  }
}

interface KnownFile {
  readonly sha256: string
  readonly bytes?: number
}

/** Files whose digest the report knows: those that were scanned, and those that steps have written. */
function knownFiles(report: Report): ReadonlyMap<string, KnownFile> {
  const known = new Map<string, KnownFile>()
  for (const { artifacts, details } of allReports(report)) {
    const scanned: unknown = details?.['files']
    for (const file of [...artifacts, ...(Array.isArray(scanned) ? (scanned as unknown[]) : [])]) {
      const { path, digest, bytes } = (file ?? {}) as Record<string, unknown>
      const sha256 = typeof digest === 'string' ? /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1] : undefined
      if (typeof path === 'string' && sha256 !== undefined)
        known.set(path, { sha256, ...(typeof bytes === 'number' && { bytes }) })
    }
  }
  return known
}

const encoded = (member: string): string => artifactLocation(member).uri.replace(/^\/+/, '')
