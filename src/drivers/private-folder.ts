import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keepLeftover } from './leftovers.ts'

/** A temporary folder that only this user may look into, made when it is first asked for. */
export class PrivateFolder {
  private readonly purpose: string
  private made: Promise<string> | undefined
  private path: string | undefined
  private forget = (): void => {}
  private isGone = false

  /** @param purpose a word for the folder's name */
  constructor(purpose: string) {
    this.purpose = purpose
  }

  /** The folder itself. */
  async open(): Promise<string> {
    this.made ??= this.make()
    return this.made
  }

  /** Removes it with all that is in it. It may be called twice, and when the folder was never made. */
  remove(): void {
    this.isGone = true
    if (this.path === undefined) return
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5 })
    this.path = undefined
    this.forget()
  }

  private async make(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), `plimsoll-${this.purpose}-`))
    // Asked for by work that was given up in the meantime.
    if (this.isGone) await rm(path, { recursive: true, force: true })
    else this.path = path
    this.forget = this.path === undefined ? () => {} : keepLeftover({ kind: 'folder', path })
    return path
  }
}
