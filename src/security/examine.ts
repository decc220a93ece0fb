import { OutOfTime } from './budget.ts'
import { CONTAINERS } from './containers/index.ts'
import type { Examine, Part } from './examination.ts'
import { brokenPromise, extensionOf, isModelExtension } from './extensions.ts'
import type { Evidence, Format } from './format.ts'
import { FORMATS } from './formats/index.ts'
import { pickle } from './pickle/format.ts'
import { followStray } from './pickle/scan-pickle.ts'
import type { ByteSource } from './source.ts'

/** Every format that the scanner knows. */
export const ALL_FORMATS: readonly Format[] = [...CONTAINERS, pickle, ...FORMATS]

const ORDER: readonly Evidence[] = ['signature', 'structure', 'text']

/**
 * Examines content as each thing that it can be taken for. The name only adds ways to read it, and is compared with what was found.
 *
 * @throws only what a cancelled scan is to throw: whatever else goes wrong is a finding
 */
export const examine: Examine = async (source, part, how = 'whole') => {
  const { examination } = part
  if (part.depth > examination.budget.limits.depth) {
    const message = 'Not examined: archives are nested too deeply'
    examination.report('scan.limit', { message, part, offset: 0, length: source.size })
    return
  }
  await guarded(source, part, async () => {
    if (source.size === 0) return examineEmpty(part, how)
    const formats = formatsOf(source, part)
    // Where another format is recognised, the same bytes are a pickle only to a loader that is fooled: see what it would import.
    if (formats[0]?.evidence === 'signature') followStray(source, part)
    for (const { name } of formats) examination.formats.add(name)
    for (const format of formats) await guarded(source, part, async () => format.examine(source, part))
    if (how === 'whole') compareWithName(source, part, formats)
    examination.observe?.(formats.includes(pickle) ? pickle.name : (formats[0]?.name ?? 'unknown'), source, part)
  })
}

/** What the bytes can be taken for: every signature counts; structure only where there is none, and text where there is neither. */
function formatsOf(source: ByteSource, part: Part): readonly Format[] {
  for (const evidence of ORDER) {
    const found = ALL_FORMATS.filter((format) => format.evidence === evidence && format.recognises(source, part))
    const examined = new Set(found.filter(({ depth }) => depth === 'examined').map(({ name }) => name))
    if (found.length > 0) return found.filter(({ depth, name }) => depth === 'examined' || !examined.has(name))
  }
  return []
}

function examineEmpty(part: Part, how: 'whole' | 'stray'): void {
  part.examination.formats.add('empty')
  if (how === 'stray' || !isModelExtension(extensionOf(part.name))) return
  part.examination.report('format.unknown', { message: 'Not examined: there is nothing in it', part, offset: 0, length: 0 })
}

function compareWithName(source: ByteSource, part: Part, formats: readonly Format[]): void {
  const extension = extensionOf(part.name)
  if (formats.length === 0) {
    const message = `Not examined: ${source.size} bytes in a format that is not known`
    part.examination.report('format.unknown', { message, part, offset: 0, length: source.size })
    return
  }
  const promised = brokenPromise(extension, source, formats)
  if (promised === undefined) return
  const message = `The name says ${promised}, the content is ${formats.map(({ name }) => name).join(' and ')}`
  part.examination.report('format.disagrees', { message, part, offset: 0 })
}

/** Does a part of the work. A scanner that fails has not examined the content, and says so. */
async function guarded(source: ByteSource, part: Part, work: () => Promise<void> | void): Promise<void> {
  const { examination } = part
  try {
    await work()
  } catch (error) {
    if (examination.budget.isCancelled) throw error
    const rule = error instanceof OutOfTime ? 'scan.limit' : 'scan.crashed'
    const why =
      error instanceof OutOfTime
        ? 'the scan took longer than it may'
        : `the scanner itself failed (${error instanceof Error ? error.name : 'unknown error'})`
    const message = `Not examined to its end: ${why}`
    examination.report(rule, { message, part, offset: 0, length: source.size })
  }
}
