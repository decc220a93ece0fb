import { crc32 } from 'node:zlib'
import { unfoldedFrom, within, type Part } from '../examination.ts'
import { slice, type ByteSource } from '../source.ts'
import { reportStop } from './compressed.ts'
import { unfold } from './unfold.ts'
import type { ZipHeader } from './zip-directory.ts'
import { ENCRYPTED, HAS_DESCRIPTOR, report } from './zip-entry.ts'
import { decoderOf } from './zip-methods.ts'

/** Examines the content of a member, as one of its headers describes it. */
export async function examineMember(source: ByteSource, header: ZipHeader, dataOffset: number, part: Part): Promise<void> {
  const { name, method, size, compressedSize } = header
  if (name.endsWith('/') && size === 0 && compressedSize === 0) return
  const packed = slice(source, dataOffset, compressedSize)
  const inner = within(part, name, dataOffset)
  if (packed.size < compressedSize) report(inner, 'container.damaged', 'the member is longer than the archive', 0, packed.size)
  if (method === 0) await examineStored(source, packed, header, dataOffset, part)
  else await examineCompressed(packed, header, inner, part)
}

async function examineStored(
  source: ByteSource,
  packed: ByteSource,
  header: ZipHeader,
  dataOffset: number,
  part: Part,
): Promise<void> {
  const inner = within(part, header.name, dataOffset)
  const isRight = checksumOf(packed, header)
  if (isEncrypted(header)) return examineEncrypted(packed, isRight === true, inner)
  if (isRight === false) reportChecksum(inner)
  await part.examination.examine(packed, inner)
  if (header.size === header.compressedSize) return
  report(
    inner,
    'container.disagrees',
    `the member is not compressed, and has ${header.compressedSize} bytes and ${header.size}`,
    0,
  )
  if (header.size > header.compressedSize) await part.examination.examine(slice(source, dataOffset, header.size), inner)
}

async function examineCompressed(packed: ByteSource, header: ZipHeader, inner: Part, part: Part): Promise<void> {
  const { examination } = part
  const decoder = decoderOf(header)
  if (!decoder) {
    const rule = header.method === 99 ? 'container.encrypted' : 'container.unopened'
    report(inner, rule, `the member is compressed by method ${header.method}, which is not opened`, 0, packed.size)
    // Some readers ignore the method of a stored member.
    return examination.examine(packed, inner, header.compressedSize === header.size ? 'whole' : 'stray')
  }
  const unfolded = await unfold(packed, decoder, examination.budget)
  try {
    const { content, stopped } = unfolded
    const isRight = !stopped && content.size === header.size && checksumOf(content, header) !== false
    if (isEncrypted(header) && !isRight) return await examineEncrypted(packed, false, inner)
    if (isEncrypted(header)) report(inner, 'container.disagrees', 'the member is marked as encrypted and is not', 0)
    if (stopped) reportStop(stopped, 'the member', inner, packed.size)
    else if (content.size !== header.size) {
      report(inner, 'container.disagrees', `the member unfolds to ${content.size} bytes and not to ${header.size}`, 0)
    } else if (!isRight) reportChecksum(inner)
    if (content.size > 0 || !stopped) await examination.examine(content, unfoldedFrom(part, header.name))
    // A reader that takes the bytes as they are.
    if (stopped?.why === 'damaged') await examination.examine(packed, inner, 'stray')
  } finally {
    unfolded.close()
  }
}

const isEncrypted = ({ flags }: ZipHeader) => (flags & ENCRYPTED) !== 0

/** Marked as encrypted: there are loaders that do not look at the mark. */
async function examineEncrypted(packed: ByteSource, isPlain: boolean, inner: Part): Promise<void> {
  if (isPlain) report(inner, 'container.disagrees', 'the member is marked as encrypted and is not', 0)
  else report(inner, 'container.encrypted', 'the member is encrypted, or marked so', 0, packed.size)
  await inner.examination.examine(packed, inner, isPlain ? 'whole' : 'stray')
}

/** Checksums are compared up to this size: beyond it, reading all of it for them costs more than it tells. */
const CRC_LARGEST = 64 * 2 ** 20
const PIECE = 1 << 20

/** Whether the content has the checksum that the header gives; undefined when it gives none or the content is too large. */
function checksumOf(content: ByteSource, header: ZipHeader): boolean | undefined {
  if (content.size > CRC_LARGEST || ((header.flags & HAS_DESCRIPTOR) !== 0 && header.crc === 0)) return undefined
  let sum = 0
  for (let at = 0; at < content.size; at += PIECE) sum = crc32(content.read(at, PIECE), sum)
  return sum === header.crc
}

function reportChecksum(inner: Part): void {
  report(inner, 'container.disagrees', 'the content does not have the checksum that the archive gives', 0)
}
