import { unfoldedFrom, type Part } from '../../examination.ts'
import type { Format } from '../../format.ts'
import { hasBytes, type ByteSource } from '../../source.ts'
import { reportStop } from '../compressed.ts'
import { BrokenStream } from '../decoder.ts'
import { isOutside, leadsOut } from '../member-name.ts'
import { brokenBy, SevenZip } from './program.ts'
import type { SevenZipEnd, SevenZipType } from './protocol.ts'
import { Spill } from '../spill.ts'

const RAR = [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07]

const archive = (name: string, title: string, magic: readonly number[], type: SevenZipType): Format => ({
  name,
  title,
  evidence: 'signature',
  depth: 'examined',
  looksFor: 'every member, names that lead out of the folder, links, encrypted members',
  recognises: (source) => hasBytes(source, 0, magic),
  examine: (source, part) => examineArchive(source, part, type),
})

/** Archives that 7-Zip unpacks. */
export const sevenZipArchives: readonly Format[] = [
  archive('7z', '7-Zip', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], '7z'),
  archive('rar', 'RAR before 5', [...RAR, 0x00], 'rar'),
  archive('rar5', 'RAR', [...RAR, 0x01, 0x00], 'rar5'),
]

interface Member {
  readonly name: string
  readonly size: number
  readonly isEncrypted: boolean
  readonly isFolder: boolean
  readonly link: string | undefined
}

/** Lists an archive, then examines what 7-Zip unpacks of it, member by member, as it comes. */
async function examineArchive(source: ByteSource, part: Part, type: SevenZipType): Promise<void> {
  const program = new SevenZip(source, type)
  try {
    const listing = await program.listing()
    if (listing.code > 1) throw brokenBy(listing.lines)
    const members = membersOf(listing)
    const isUnclear = members.map((member) => reportMember(member, part)).includes(true)
    await examineContent(program, isUnclear ? undefined : members, source, part)
  } catch (error) {
    if (!(error instanceof BrokenStream)) throw error
    reportStop({ why: error.why, message: error.message }, 'the archive', part, source.size)
  } finally {
    await program.close()
  }
}

/** Whether what is unpacked of it is not as long as it says. */
function reportMember({ name, isEncrypted, link }: Member, part: Part): boolean {
  const { examination } = part
  const shown = JSON.stringify(name.slice(0, 100))
  if (isOutside(name)) {
    examination.report('container.unsafe-name', { message: `The member ${shown} leads out of the folder`, part, offset: 0 })
  }
  if (link !== undefined && leadsOut(name, link)) {
    examination.report('container.unsafe-name', { message: `The member ${shown} is a link to ${JSON.stringify(link.slice(0, 100))}`, part, offset: 0 }) // prettier-ignore
  }
  if (isEncrypted) examination.report('container.encrypted', { message: `The member ${shown} is encrypted`, part, offset: 0 })
  return isEncrypted || link !== undefined
}

/** @param members undefined when their sizes cannot be relied on: then all that comes out is one part */
async function examineContent(
  program: SevenZip,
  members: readonly Member[] | undefined,
  source: ByteSource,
  part: Part,
): Promise<void> {
  const { budget } = part.examination
  const files = members?.filter(({ isFolder, size }) => !isFolder && size > 0) ?? []
  const chunks = program.content()
  let waiting: Uint8Array = new Uint8Array(0)
  let left = budget.roomFor(source.size)
  /** The next bytes, at most as many as asked for; undefined at the end. */
  const take = async (most: number): Promise<Uint8Array | undefined> => {
    if (waiting.length === 0) {
      const next = await chunks.next()
      await budget.breathe()
      if (next.done === true) {
        if (next.value.code > 1) throw brokenBy(next.value.lines)
        return undefined
      }
      waiting = next.value
    }
    const taken = waiting.subarray(0, most)
    waiting = waiting.subarray(taken.length)
    left -= taken.length
    budget.expanded(taken.length)
    if (left < 0) throw new BrokenStream('limit', 'it unfolds to more than the scan may read', 0)
    return taken
  }
  for (const [index, member] of [...files, undefined].entries()) {
    if (!budget.member()) throw new BrokenStream('limit', 'it has more members than the scan may open', 0)
    const spill = new Spill()
    let broken: unknown
    try {
      const size = member?.size ?? Infinity
      while (spill.size < size) {
        const chunk = await take(size - spill.size)
        if (!chunk) break
        await spill.write(chunk)
      }
    } catch (error) {
      broken = error
    }
    try {
      const name = member?.name ?? (index === 0 ? 'content' : 'more content')
      if (spill.size > 0) await part.examination.examine(spill.source(), unfoldedFrom(part, name))
      if (broken !== undefined) throw broken
      if (member && spill.size < member.size) throw new BrokenStream('damaged', 'it has less content than it lists', 0)
    } finally {
      spill.close()
    }
  }
}

const LONGEST_NAME = 4096

/** The members that `7zz l -slt` printed: blocks of `Field = value`, each beginning with `Path`. */
function membersOf({ lines }: SevenZipEnd): Member[] {
  const members: Map<string, string>[] = []
  for (const line of lines) {
    const [, field, value] = /^.*?(\b[A-Z][A-Za-z ]{1,30}) = ?(.*)$/s.exec(line.slice(0, LONGEST_NAME)) ?? []
    if (field === undefined || value === undefined) continue
    if (field.endsWith('Path')) members.push(new Map([['Path', value]]))
    else members.at(-1)?.set(field, value)
  }
  return members.map((fields) => ({
    name: fields.get('Path') ?? '',
    size: Number(fields.get('Size') ?? 0) || 0,
    isEncrypted: fields.get('Encrypted') === '+',
    isFolder: fields.get('Folder') === '+' || fields.get('Attributes')?.startsWith('D') === true,
    link: fields.get('Symbolic Link') || fields.get('Hard Link') || undefined,
  }))
}
