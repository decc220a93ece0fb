import type { Part } from '../examination.ts'
import { latin1, utf8 } from '../pickle/literals.ts'
import { slice, type ByteSource } from '../source.ts'

const BLOCK = 512

/** Examines every member of a tar archive. Links and devices are named: unpacking them can write outside of the folder. */
export async function examineTar(source: ByteSource, part: Part): Promise<void> {
  const { examination, base } = part
  let longName: string | undefined
  let at = 0
  while (at + BLOCK <= source.size) {
    const header = source.read(at, BLOCK)
    if (header.every((byte) => byte === 0)) break
    const member = readHeader(header)
    if (!member) {
      examination.report('container.damaged', {
        message: `At byte ${at}, the tar archive has no valid header`,
        file: part.name,
        offset: base + at,
      })
      break
    }
    if (!examination.budget.member()) {
      examination.report('scan.limit', {
        message: 'The archive has more members than the scan may open',
        file: part.name,
        offset: base + at,
      })
      return
    }
    const content = slice(source, at + BLOCK, member.size)
    const name = longName ?? member.name
    longName = member.type === 'L' ? utf8(content.read(0, 4096)).replace(/\0.*$/s, '') : undefined
    if (/(^|\/)\.\.(\/|$)|^\//.test(name)) {
      examination.report('container.unsafe-name', {
        message: `The member ${JSON.stringify(name)} leads out of the folder`,
        file: part.name,
        offset: base + at,
      })
    }
    if ('123456'.includes(member.type) && member.type !== '5') {
      const message = `The member ${JSON.stringify(name)} is a link or a device`
      examination.report('container.unsafe-name', { message, file: part.name, offset: base + at })
    }
    if (content.size < member.size) {
      examination.report('container.damaged', {
        message: `The member ${JSON.stringify(name)} is longer than the archive`,
        file: part.name,
        offset: base + at,
      })
    }
    if ('0\x007'.includes(member.type) && content.size > 0) {
      await part.examination.examine(content, {
        ...part,
        name: `${part.name}!${name}`,
        depth: part.depth + 1,
        base: base + at + BLOCK,
      })
    }
    at += BLOCK + Math.ceil(member.size / BLOCK) * BLOCK
    await examination.budget.breathe()
  }
  await examineRest(source, at, part)
}

/** After the last member come blocks of zeros, and nothing else. */
async function examineRest(source: ByteSource, at: number, part: Part): Promise<void> {
  let from = at
  while (from < source.size && source.read(from, BLOCK).every((byte) => byte === 0)) from += BLOCK
  if (from >= source.size) return
  const message = `${source.size - from} bytes follow the end of the tar archive`
  part.examination.report('container.hidden-data', { message, file: part.name, offset: part.base + from })
  const rest = { ...part, name: `${part.name}!bytes from ${from}`, depth: part.depth + 1, base: part.base + from }
  await part.examination.examine(slice(source, from, source.size - from), rest, 'stray')
}

function readHeader(header: Uint8Array): { name: string; size: number; type: string } | undefined {
  const field = (start: number, length: number) => latin1(header.subarray(start, start + length)).split('\0', 1)[0]!
  const size = (header[124]! & 0x80) !== 0 ? binarySize(header) : Number.parseInt(field(124, 12).trim() || '0', 8)
  if (!Number.isSafeInteger(size) || size < 0) return undefined
  const prefix = field(257, 5) === 'ustar' ? field(345, 155) : ''
  return { name: prefix === '' ? field(0, 100) : `${prefix}/${field(0, 100)}`, size, type: String.fromCharCode(header[156]!) }
}

/** GNU's notation for sizes of 8 GiB and more. */
function binarySize(header: Uint8Array): number {
  let size = header[124]! & 0x7f
  for (let i = 125; i < 136; i++) size = size * 256 + header[i]!
  return size
}
