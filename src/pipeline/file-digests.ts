import { stat } from 'node:fs/promises'
import type { Digest } from '../core/digest.ts'
import { digestFile } from '../drivers/files.ts'

interface Known {
  readonly stamp: string
  readonly digest: Digest
}

/** Digests of files, each file read once for as long as it is not touched. */
export class FileDigests {
  readonly #known = new Map<string, Known>()

  async of(path: string): Promise<Digest> {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true })
    const stamp = [dev, ino, size, mtimeNs, ctimeNs].join(':')
    const known = this.#known.get(path)
    if (known?.stamp === stamp) return known.digest
    const digest = await digestFile(path)
    this.#known.set(path, { stamp, digest })
    return digest
  }
}
