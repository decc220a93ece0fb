import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { PrivateFolder } from '../../drivers/private-folder.ts'
import { Blocks } from '../blocks.ts'
import { memorySource, type ByteSource } from '../source.ts'

/** Unfolded content up to this size stays in memory. */
const IN_MEMORY = 8 * 2 ** 20
const KEPT_BLOCKS = 4

/** Content of unknown length: in memory while it is small, then in a temporary file that has no name. */
export class Spill {
  #size = 0
  #chunks: Uint8Array[] = []
  #held = 0
  #file: { readonly descriptor: number; readonly folder: PrivateFolder } | undefined

  get size(): number {
    return this.#size
  }

  /** @param chunk is kept, so it must not be written to afterwards */
  async write(chunk: Uint8Array): Promise<void> {
    if (chunk.length === 0) return
    this.#chunks.push(chunk)
    this.#held += chunk.length
    this.#size += chunk.length
    if (this.#size <= IN_MEMORY) return
    if (!this.#file) await this.#open()
    if (this.#held >= 1 << 20) this.#flush()
  }

  /** What was written, to be read at any place until `close`. */
  source(): ByteSource {
    if (!this.#file) {
      const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks, this.#held)
      this.#chunks = [bytes]
      return memorySource(bytes)
    }
    this.#flush()
    return new Blocks(this.#file.descriptor, this.#size, KEPT_BLOCKS)
  }

  close(): void {
    this.#chunks = []
    if (!this.#file) return
    closeSync(this.#file.descriptor)
    this.#file.folder.remove()
    this.#file = undefined
  }

  async #open(): Promise<void> {
    const folder = new PrivateFolder('unfolded')
    const path = join(await folder.open(), 'content')
    this.#file = { descriptor: openSync(path, 'wx+', 0o600), folder }
    // The open descriptor is all that is needed; where the system does not let go of open files, `close` removes it.
    try {
      folder.remove()
    } catch {}
  }

  #flush(): void {
    for (const chunk of this.#chunks) {
      for (let at = 0; at < chunk.length;) at += writeSync(this.#file!.descriptor, chunk, at)
    }
    this.#chunks = []
    this.#held = 0
  }
}
