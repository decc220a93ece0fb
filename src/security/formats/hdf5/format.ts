import { within, type Part } from '../../examination.ts'
import type { Format } from '../../format.ts'
import type { RuleId } from '../../rules.ts'
import { slice, type ByteSource } from '../../source.ts'
import { examineKerasText } from '../keras/text.ts'
import { quote } from '../quote.ts'
import { attributesOf, type Attribute } from './attributes.ts'
import { BrokenHdf5, Hdf5File, signatureOffset } from './file.ts'
import { checkFilters } from './filters.ts'
import { linksOf, type Link } from './links.ts'
import { MESSAGE, messagesOf, type HeaderMessage } from './object-header.ts'

const MOST_OBJECTS = 200_000

export const hdf5: Format = {
  name: 'hdf5',
  title: 'HDF5 (Keras, h5py, PyTables)',
  evidence: 'signature',
  depth: 'examined',
  looksFor: 'Keras configurations in its attributes, links and data in other files, pickles in attributes',
  recognises: (source) => signatureOffset(source) !== undefined,
  examine: examineHdf5,
}

/** Walks all objects of an HDF5 file. The numbers of data sets are never read. */
async function examineHdf5(source: ByteSource, part: Part): Promise<void> {
  const walk: Walk = { part, objects: [], broken: new Set() }
  try {
    const signature = signatureOffset(source) ?? 0
    const file = new Hdf5File(source, signature)
    if (file.end > source.size) throw new BrokenHdf5(`it should have ${file.end} bytes and has ${source.size}`)
    walk.objects.push({ path: '', at: file.root })
    const seen = new Set<number>()
    for (let next = walk.objects.pop(); next; next = walk.objects.pop()) {
      if (seen.has(next.at)) continue
      if (seen.size >= MOST_OBJECTS) throw new BrokenHdf5('it has more objects than the scan may read')
      seen.add(next.at)
      if (seen.size % 1000 === 0) await part.examination.budget.breathe()
      await guarded(walk, () => examineObject(file, next, walk))
    }
    await examineOutside(source, signature, file.end, part)
  } catch (error) {
    reportBroken(walk, error)
  }
}

interface Place {
  readonly path: string
  readonly at: number
}

interface Walk {
  readonly part: Part
  readonly objects: Place[]
  readonly broken: Set<string>
}

/** What is wrong with one object says nothing of the others. */
async function guarded(walk: Walk, examine: () => Promise<void>): Promise<void> {
  try {
    await examine()
  } catch (error) {
    reportBroken(walk, error)
  }
}

function reportBroken(walk: Walk, error: unknown): void {
  if (!(error instanceof BrokenHdf5)) throw error
  if (walk.broken.has(error.message) || walk.broken.size > 20) return
  walk.broken.add(error.message)
  walk.part.examination.report('hdf5.broken', {
    message: `Not examined: in the HDF5 file, ${error.message}`,
    part: walk.part,
    offset: 0,
  })
}

async function examineObject(file: Hdf5File, { path, at }: Place, walk: Walk): Promise<void> {
  const shown = path === '' ? '/' : path
  const messages = messagesOf(file, at)
  examineMessages(file, messages, shown, walk)
  try {
    for (const attribute of attributesOf(file, messages)) await examineAttribute(file, attribute, shown, walk)
  } finally {
    for (const link of linksOf(file, messages)) examineLink(link, path, walk)
  }
}

function examineMessages(file: Hdf5File, messages: readonly HeaderMessage[], shown: string, walk: Walk): void {
  for (const { type, start, end, isShared } of messages) {
    if (type === MESSAGE.externalFiles)
      report(walk, 'hdf5.external', start, `The data set ${quote(shown)} keeps its numbers in files that the HDF5 file names`)
    if (type === MESSAGE.layout && file.number(start, 1) >= 4 && file.number(start + 1, 1) === 3)
      report(walk, 'hdf5.external', start, `The data set ${quote(shown)} is put together from other files`)
    if (type === MESSAGE.filters && !isShared) {
      const filter = checkFilters(file, start, end)
      if (filter !== undefined)
        report(
          walk,
          'hdf5.filter',
          start,
          `The data set ${quote(shown)} is packed by the filter ${filter}, which is loaded as a plugin`,
        )
    }
  }
}

function examineLink(link: Link, path: string, walk: Walk): void {
  const name = `${path}/${link.name}`
  if (link.kind === 'hard' && link.address >= 0) walk.objects.push({ path: name.slice(-300), at: link.address })
  if (link.kind === 'external')
    report(walk, 'hdf5.external', link.at, `${quote(name)} is ${quote(link.target)} of the file ${quote(link.file)}`)
  if (link.kind === 'other') report(walk, 'hdf5.external', link.at, `${quote(name)} is a link of a kind that a plugin defines`)
}

/** Keras keeps configurations as JSON in attributes, and PyTables keeps objects as pickles. */
async function examineAttribute(file: Hdf5File, attribute: Attribute, shown: string, walk: Walk): Promise<void> {
  const { part } = walk
  const isConfig = /^(model_config|training_config|keras_config|layer_config|config)$/.test(attribute.name)
  const name = `attribute ${attribute.name.slice(0, 60)} of ${shown}`
  // Long lists of names, as in `weight_names`, are not configurations.
  if (attribute.values.length > 1) return examinePickles(file, attribute, name, part)
  for (const { start, length } of attribute.values) {
    const text = new TextDecoder().decode(file.bytes(start, length)).replace(/\0+$/, '').trim()
    if (isConfig ? text !== '' && text !== 'null' : /^[{[]/.test(text)) {
      if (isConfig || /"class_name"|\\u/.test(text)) examineKerasText(text, { ...part, name: `${part.name}!${name}` }, start)
    } else await examinePickles(file, attribute, name, part)
  }
}

async function examinePickles(file: Hdf5File, attribute: Attribute, name: string, part: Part): Promise<void> {
  for (const { start, length } of attribute.values.slice(0, 1000)) {
    const first = file.number(start, 1)
    const bytes = file.bytes(start, length)
    const ends = bytes.findLast((byte) => byte !== 0) === 0x2e
    if (first === 0x80 || (ends && /[(c\]})IiS]/.test(String.fromCharCode(first))))
      await part.examination.examine(slice(file.source, start, length), within(part, name, start), 'stray')
  }
}

/** The user block before the file, and what follows its end, are read by other programs. */
async function examineOutside(source: ByteSource, signature: number, end: number, part: Part): Promise<void> {
  if (signature > 0) await part.examination.examine(slice(source, 0, signature), within(part, 'user block', 0), 'stray')
  if (end < source.size) {
    await part.examination.examine(slice(source, end, source.size - end), within(part, `bytes behind ${end}`, end), 'stray')
  }
}

function report(walk: Walk, rule: RuleId, offset: number, message: string): void {
  walk.part.examination.report(rule, { message, part: walk.part, offset })
}
