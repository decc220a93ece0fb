import { within, type Part } from '../examination.ts'
import type { Format } from '../format.ts'
import { latin1, utf8 } from '../pickle/literals.ts'
import { slice, type ByteSource } from '../source.ts'

const BLOCK = 512

export const tar: Format = {
  name: 'tar',
  title: 'tar (PyTorch before 0.1.10, NeMo)',
  evidence: 'signature',
  depth: 'examined',
  looksFor: 'every member, names that lead out of the folder, links and devices',
  recognises: isTar,
  examine: examineTar,
}

/** A tar header whose checksum is right; the magic word is missing in the oldest ones. */
function isTar(source: ByteSource): boolean {
  const header = source.read(0, 512)
  if (header.length < 512 || header[0] === 0) return false
  const stored = Number.parseInt(Buffer.from(header.subarray(148, 156)).toString('latin1').replaceAll('\0', ' ').trim(), 8)
  let sum = 0
  for (let i = 0; i < 512; i++) sum += i >= 148 && i < 156 ? 32 : header[i]!
  return stored === sum
}

/** Examines every member of a tar archive. Links and devices are named: unpacking them can write outside of the folder. */
async function examineTar(source: ByteSource, part: Part): Promise<void> {
  const { examination } = part
  let longName: string | undefined
  let at = 0
  while (at + BLOCK <= source.size) {
    const header = source.read(at, BLOCK)
    if (header.every((byte) => byte === 0)) break
    const member = readHeader(header)
    if (!member) {
      examination.report('container.damaged', {
        message: `At byte ${at}, the tar archive has no valid header`,
        part,
        offset: at,
      })
      break
    }
    if (!examination.budget.member()) {
      examination.report('scan.limit', {
        message: 'The archive has more members than the scan may open',
        part,
        offset: at,
      })
      return
    }
    const content = slice(source, at + BLOCK, member.size)
    const name = longName ?? member.name
    longName = member.type === 'L' ? utf8(content.read(0, 4096)).replace(/\0.*$/s, '') : undefined
    if (/(^|\/)\.\.(\/|$)|^\//.test(name)) {
      examination.report('container.unsafe-name', {
        message: `The member ${JSON.stringify(name)} leads out of the folder`,
        part,
        offset: at,
      })
    }
    if ('123456'.includes(member.type) && member.type !== '5') {
      const message = `The member ${JSON.stringify(name)} is a link or a device`
      examination.report('container.unsafe-name', { message, part, offset: at })
    }
    if (content.size < member.size) {
      examination.report('container.damaged', {
        message: `The member ${JSON.stringify(name)} is longer than the archive`,
        part,
        offset: at,
      })
    }
    if ('0\x007'.includes(member.type) && content.size > 0) {
      await part.examination.examine(content, within(part, name, at + BLOCK))
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
  part.examination.report('container.hidden-data', { message, part, offset: from })
  await part.examination.examine(slice(source, from, source.size - from), within(part, `bytes from ${from}`, from), 'stray')
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
