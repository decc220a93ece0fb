import { byteAt, hasBytes, viewAt, type ByteSource } from '../../source.ts'

/** Part of an HDF5 file is not what the format says. */
export class BrokenHdf5 extends Error {}

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]

/** Where an HDF5 file begins: at 0, or behind a user block of 512, 1024, 2048 … bytes. */
export function signatureOffset(source: ByteSource): number | undefined {
  for (let at = 0; at < source.size; at = at === 0 ? 512 : at * 2) if (hasBytes(source, at, SIGNATURE)) return at
  return undefined
}

/**
 * An HDF5 file: its superblock, and numbers and addresses as wide as it says. Nothing is read but what is asked for.
 * Source: https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
 */
export class Hdf5File {
  readonly source: ByteSource
  readonly offsetSize: number
  readonly lengthSize: number
  readonly root: number
  /** The byte behind the file as its superblock says; what follows it is something else. */
  readonly end: number
  /** Addresses count from here: behind the user block. */
  private readonly base: number

  /** @throws BrokenHdf5 */
  constructor(source: ByteSource, signature: number) {
    this.source = source
    const version = byteAt(source, signature + 8)
    if (version < 0 || version > 3) throw new BrokenHdf5(`its superblock has the version ${version}`)
    const sizes = version < 2 ? signature + 13 : signature + 9
    this.offsetSize = byteAt(source, sizes)
    this.lengthSize = byteAt(source, sizes + 1)
    for (const size of [this.offsetSize, this.lengthSize])
      if (size !== 2 && size !== 4 && size !== 8) throw new BrokenHdf5(`its addresses have ${size} bytes`)
    this.base = 0
    const fields = signature + (version === 0 ? 24 : version === 1 ? 28 : 12)
    const base = this.number(fields, this.offsetSize)
    const end = this.number(fields + 2 * this.offsetSize, this.offsetSize)
    this.base = base
    // Libraries count it from the beginning of the file, whatever the format says.
    this.end = base + end <= source.size ? base + end : end
    // Version 0 and 1: the entry of the root group, whose second field is its object header.
    this.root = this.address(fields + (version < 2 ? 5 : 3) * this.offsetSize) ?? -1
    if (this.root === -1) throw new BrokenHdf5('it has no root group')
  }

  /** A little-endian integer. @throws BrokenHdf5 behind the end */
  number(at: number, size: number): number {
    const view = viewAt(this.source, at, size)
    if (!view) throw new BrokenHdf5(`it points to byte ${at}, behind its end`)
    let value = 0
    for (let i = size - 1; i >= 0; i--) value = value * 256 + view.getUint8(i)
    return value
  }

  length(at: number): number {
    return this.number(at, this.lengthSize)
  }

  /** An address as a place in the file; undefined when it is the undefined address. */
  address(at: number): number | undefined {
    const view = viewAt(this.source, at, this.offsetSize)
    if (!view) throw new BrokenHdf5(`it points to byte ${at}, behind its end`)
    let isUndefined = true
    for (let i = 0; i < this.offsetSize; i++) isUndefined &&= view.getUint8(i) === 0xff
    return isUndefined ? undefined : this.base + this.number(at, this.offsetSize)
  }

  expect(at: number, magic: string): void {
    if (!hasBytes(this.source, at, magic)) throw new BrokenHdf5(`${magic} is missing at byte ${at}`)
  }

  bytes(at: number, length: number): Uint8Array {
    const bytes = at < 0 || length < 0 ? undefined : this.source.read(at, length)
    if (bytes?.length !== length) throw new BrokenHdf5(`it points to byte ${at}, behind its end`)
    return bytes
  }

  /** Text up to a NUL, at most `most` bytes. */
  text(at: number, most: number): string {
    const bytes = this.source.read(at, Math.max(0, Math.min(most, 1 << 16)))
    const nul = bytes.indexOf(0)
    return new TextDecoder().decode(nul === -1 ? bytes : bytes.subarray(0, nul))
  }
}
