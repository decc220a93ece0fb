import type { Examine, Part } from '../examination.ts'
import { opcodeOf } from '../pickle/opcodes.ts'
import { looksLikePickle } from '../pickle/probe.ts'
import { followStray, scanPickle } from '../pickle/scan-pickle.ts'
import { byteAt, slice, type ByteSource } from '../source.ts'
import { detectContainers, isText, UNOPENED, type Format, type UnopenedFormat } from './detect.ts'
import { brokenPromise, extensionOf, isPickleExtension } from './extensions.ts'
import { examineGzip, examineZlib } from './compressed.ts'
import { examineNpy } from './npy.ts'
import { examineOnnx, isOnnx } from './onnx.ts'
import { examineSafetensors } from './safetensors.ts'
import { examineTar } from './tar.ts'
import { examineText } from './text.ts'
import { isUbjson } from './ubjson.ts'
import { examineZip } from './zip.ts'

/** Examines content. The name only adds ways to read it, and is compared with what was found. */
export const examine: Examine = async (source, part, how = 'whole') => {
  const { examination, name } = part
  if (part.depth > examination.budget.limits.depth) {
    examination.report('scan.limit', { message: 'Not examined: archives are nested too deeply', file: name })
    return
  }
  const extension = extensionOf(name)
  const formats = new Set<Format>(detectContainers(source))
  // Where another format is recognised, the same bytes are a pickle only to a loader that is fooled: see what it would import.
  if (formats.size > 0) followStray(source, part)
  else if (isPickle(source, how === 'whole' && isPickleExtension(extension))) formats.add('pickle')
  if (formats.size === 0 && isOnnx(source)) formats.add('onnx')
  if (formats.size === 0 && isUbjson(source)) formats.add('ubjson')
  if (formats.size === 0 && isText(source)) formats.add('text')

  for (const format of formats) {
    examination.formats.add(format)
    await examineAs(format, source, part)
  }
  if (how === 'stray') return
  if (formats.size === 0 || (formats.has('empty') && isPickleExtension(extension))) {
    const message = `Not examined: ${source.size} bytes in a format that is not known`
    examination.report('format.unknown', { message, file: name, offset: part.base })
  }
  const promised = brokenPromise(extension, formats)
  if (promised && formats.size > 0) {
    const message = `The name says ${promised}, the content is ${[...formats].join(' and ')}`
    examination.report('format.disagrees', { message, file: name, offset: part.base })
  }
}

function isPickle(source: ByteSource, isNamedSo: boolean): boolean {
  if (opcodeOf(byteAt(source, 0)) === undefined) return false
  const text = isText(source)
  return looksLikePickle(source, text) || (isNamedSo && !text)
}

async function examineAs(format: Format, source: ByteSource, part: Part): Promise<void> {
  switch (format) {
    case 'pickle':
      return examinePickle(source, part)
    case 'zip':
      return examineZip(source, part)
    case 'gzip':
      return examineGzip(source, part)
    case 'zlib':
      return examineZlib(source, part)
    case 'tar':
      return examineTar(source, part)
    case 'npy':
      return examineNpy(source, part)
    case 'onnx':
      return examineOnnx(source, part)
    case 'safetensors':
      return examineSafetensors(source, part)
    case 'text':
      return examineText(source, part)
    case 'ubjson': // recognised by looking at all of it
    case 'empty':
      return
    default:
      return reportUnopened(format, part)
  }
}

async function examinePickle(source: ByteSource, part: Part): Promise<void> {
  const { nested, torchLegacy } = await scanPickle(source, part)
  if (torchLegacy) part.examination.formats.add('torch-legacy')
  for (const { offset, length, loader } of nested) {
    const inner = { ...part, name: `${part.name}!bytes for ${loader}`, depth: part.depth + 1, base: part.base + offset }
    await examine(slice(source, offset, length), inner)
  }
}

function reportUnopened(format: UnopenedFormat, part: Part): void {
  const message = `Not examined: ${UNOPENED[format].title} is recognised, but not opened`
  part.examination.report('container.unopened', { message, file: part.name, offset: part.base })
}
