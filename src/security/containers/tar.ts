import { within, type Part } from '../examination.ts'
import type { Format } from '../format.ts'
import { utf8 } from '../pickle/literals.ts'
import { byteAt, slice, type ByteSource } from '../source.ts'
import { isOutside, leadsOut } from './member-name.ts'
import { readPax, readTarHeader, TAR_BLOCK, type TarHeader } from './tar-header.ts'

export const tar: Format = {
  name: 'tar',
  title: 'tar (PyTorch before 0.1.10, NeMo)',
  evidence: 'signature',
  depth: 'examined',
  looksFor: 'every member, names and links that lead out of the folder, devices',
  // A header whose checksum is right: the magic word is missing in the oldest ones.
  recognises: (source) => byteAt(source, 0) > 0 && readTarHeader(source.read(0, TAR_BLOCK)) !== undefined,
  examine: examineTar,
}

/** What headers before a member say of it. */
interface Extras {
  name?: string | undefined
  link?: string | undefined
  size?: number | undefined
}

const roundedUp = (size: number) => Math.ceil(size / TAR_BLOCK) * TAR_BLOCK

/** Examines every member of a tar archive. */
async function examineTar(source: ByteSource, part: Part): Promise<void> {
  const { examination } = part
  const forAll: Extras = {}
  let next: Extras = {}
  let at = 0
  while (at + TAR_BLOCK <= source.size) {
    await examination.budget.breathe()
    const block = source.read(at, TAR_BLOCK)
    if (block.every((byte) => byte === 0)) return examineRest(source, at, part)
    const header = readTarHeader(block)
    if (!header) {
      const message = `At byte ${part.base + at}, the tar archive has no valid header`
      examination.report('container.damaged', { message, part, offset: at, length: source.size - at })
      return examineRest(source, at, part)
    }
    if (!examination.budget.member()) {
      const message = 'The archive has more members than the scan may open'
      examination.report('scan.limit', { message, part, offset: at, length: source.size - at })
      return
    }
    const start = at + TAR_BLOCK + (header.hasMoreHoles ? holesLength(source, at + TAR_BLOCK) : 0)
    const isExtra = 'xgLK'.includes(header.type)
    const size = isExtra ? header.size : (next.size ?? forAll.size ?? header.size)
    const content = slice(source, start, size)
    if (isExtra) readExtra(header, content, header.type === 'g' ? forAll : next)
    else {
      const member = {
        ...header,
        size,
        name: next.name ?? forAll.name ?? header.name,
        link: next.link ?? forAll.link ?? header.link,
      }
      // Readers that do not know the extended header take the other size, and other bytes for the next header.
      if (size !== header.size && header.size !== 0 && header.size < 8 ** 11 - 1) {
        const message = `The member ${shown(member.name)} has two sizes: ${header.size} and ${size} bytes`
        examination.report('container.disagrees', { message, part, offset: at })
      }
      await examineMember(member, content, part, { header: at, start })
      next = {}
    }
    at = start + roundedUp(size)
  }
  const message = 'The tar archive breaks off: it has no end'
  examination.report('container.damaged', { message, part, offset: Math.min(at, source.size) })
  await examineRest(source, at, part)
}

const shown = (name: string) => JSON.stringify(name.slice(0, 100))

/** Remembers what a header of a header says. Source: GNU tar's manual, "GNU long names"; POSIX `pax`. */
function readExtra({ type }: TarHeader, content: ByteSource, extras: Extras): void {
  if (type === 'L' || type === 'K') {
    const [text] = utf8(content.read(0, 1 << 16)).split('\0', 1)
    extras[type === 'L' ? 'name' : 'link'] = text
    return
  }
  const records = readPax(content)
  extras.name = records.get('path') ?? records.get('GNU.sparse.name') ?? extras.name
  extras.link = records.get('linkpath') ?? extras.link
  const size = Number(records.get('size') ?? Number.NaN)
  if (Number.isSafeInteger(size) && size >= 0) extras.size = size
}

/** Blocks of the list of holes, each of which says whether another follows. */
function holesLength(source: ByteSource, start: number): number {
  let at = start
  do at += TAR_BLOCK
  while (byteAt(source, at - TAR_BLOCK + 504) === 1)
  return at - start
}

/** Files of all kinds that have content, among them contiguous and sparse ones. */
const WITH_CONTENT = '0\x007S'
const DEVICES = '346'

async function examineMember(
  { name, type, link, size }: TarHeader,
  content: ByteSource,
  part: Part,
  at: { header: number; start: number },
): Promise<void> {
  const { examination } = part
  const complain = (message: string) =>
    examination.report('container.unsafe-name', { message: `The member ${shown(name)} ${message}`, part, offset: at.header })
  if (isOutside(name)) complain('leads out of the folder')
  if (DEVICES.includes(type)) complain('is a device or a pipe')
  if ((type === '1' && isOutside(link)) || (type === '2' && leadsOut(name, link))) {
    complain(`is a link to ${shown(link)}, which leads out of the folder`)
  }
  if (content.size < size) {
    const message = `The member ${shown(name)} is longer than the archive`
    examination.report('container.damaged', { message, part, offset: at.header, length: content.size })
  }
  if (content.size === 0) return
  if (WITH_CONTENT.includes(type)) await examination.examine(content, within(part, name, at.start))
  // A folder or a link has no content; what is there, a reader of another make can take for a file.
  else await examination.examine(content, within(part, name, at.start), 'stray')
}

/** After the last member come blocks of zeros, and nothing else. */
async function examineRest(source: ByteSource, at: number, part: Part): Promise<void> {
  let from = at
  while (from < source.size && source.read(from, TAR_BLOCK).every((byte) => byte === 0)) {
    from += TAR_BLOCK
    if (from % (TAR_BLOCK * 4096) === 0) await part.examination.budget.breathe()
  }
  if (from >= source.size) return
  const message = `${source.size - from} bytes follow the end of the tar archive`
  part.examination.report('container.hidden-data', { message, part, offset: from, length: source.size - from })
  await part.examination.examine(slice(source, from, source.size - from), within(part, `bytes from ${from}`, from), 'stray')
}
