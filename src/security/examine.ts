import { CONTAINERS } from './containers/index.ts'
import type { Examine } from './examination.ts'
import { brokenPromise, extensionOf, isPickleExtension } from './extensions.ts'
import type { Evidence, Format } from './format.ts'
import { FORMATS } from './formats/index.ts'
import { pickle } from './pickle/format.ts'
import { followStray } from './pickle/scan-pickle.ts'

/** Every format that the scanner knows. */
export const ALL_FORMATS: readonly Format[] = [...CONTAINERS, pickle, ...FORMATS]

const ORDER: readonly Evidence[] = ['signature', 'structure', 'text']

/** Examines content. The name only adds ways to read it, and is compared with what was found. */
export const examine: Examine = async (source, part, how = 'whole') => {
  const { examination, name } = part
  if (part.depth > examination.budget.limits.depth) {
    const message = 'Not examined: archives are nested too deeply'
    examination.report('scan.limit', { message, part, offset: 0, length: source.size })
    return
  }
  const extension = extensionOf(name)
  let formats: readonly Format[] = []
  if (source.size > 0) {
    for (const evidence of ORDER) {
      formats = ALL_FORMATS.filter((format) => format.evidence === evidence && format.recognises(source, part))
      if (formats.length > 0) break
    }
    // Where another format is recognised, the same bytes are a pickle only to a loader that is fooled: see what it would import.
    if (formats[0]?.evidence === 'signature') followStray(source, part)
  }

  const names = source.size === 0 ? ['empty'] : formats.map((format) => format.name)
  for (const name of names) examination.formats.add(name)
  for (const format of formats) {
    await format.examine(source, part)
  }
  if (how === 'stray') return
  if (formats.length === 0 && (source.size > 0 || isPickleExtension(extension))) {
    const message = `Not examined: ${source.size} bytes in a format that is not known`
    examination.report('format.unknown', { message, part, offset: 0, length: source.size })
  }
  const promised = brokenPromise(extension, names)
  if (promised && names.length > 0) {
    const message = `The name says ${promised}, the content is ${names.join(' and ')}`
    examination.report('format.disagrees', { message, part, offset: 0 })
  }
}
