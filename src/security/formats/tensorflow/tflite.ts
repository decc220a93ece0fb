import type { Part } from '../../examination.ts'
import type { Format } from '../../format.ts'
import { hasBytes, viewAt, type ByteSource } from '../../source.ts'
import { quote } from '../quote.ts'
import { FILE_INPUTS, harmOf, judgeOperator } from './operators.ts'

const MOST_OPERATORS = 10_000
/** Operators that come with TensorFlow Lite although they are written as custom ones. */
const OF_TFLITE =
  /^(TFLite_|Convolution2DTransposeBias|MaxPoolingWithArgmax2D|MaxUnpooling2D|Mfcc|AudioSpectrogram|NumericVerify|RandomStandardNormal|aeq\.|TFSentencepiece|Irfft2d|Multinomial|Ngrams|RaggedTensor|Whitespace|TFText)/

export const tflite: Format = {
  name: 'tflite',
  title: 'TensorFlow Lite (LiteRT)',
  evidence: 'signature',
  depth: 'examined',
  looksFor: 'operators of TensorFlow that read and write files, and operators that need a library',
  recognises: (source) => hasBytes(source, 4, 'TFL3'),
  examine: examineTflite,
}

/** Looks at the names of operators in a flatbuffer. Source: tensorflow/compiler/mlir/lite/schema/schema.fbs, flatbuffers' internals. */
function examineTflite(source: ByteSource, part: Part): void {
  const fail = (message: string) =>
    part.examination.report('tensorflow.broken', { message: `Not examined: ${message}`, part, offset: 0, length: source.size })
  const root = viewAt(source, 0, 4)?.getUint32(0, true)
  const codes = root === undefined ? undefined : target(source, root, 1)
  const count = codes === undefined ? undefined : viewAt(source, codes, 4)?.getUint32(0, true)
  if (codes === undefined || count === undefined) return fail('the TensorFlow Lite file has no operators where it says')
  if (count > MOST_OPERATORS) return fail(`the TensorFlow Lite file says that it has ${count} kinds of operators`)
  for (let i = 0; i < count; i++) {
    const at = codes + 4 + 4 * i
    const offset = viewAt(source, at, 4)?.getUint32(0, true)
    if (offset === undefined || at + offset >= source.size)
      return fail('an operator of the TensorFlow Lite file lies behind its end')
    const name = target(source, at + offset, 1)
    const length = name === undefined ? undefined : viewAt(source, name, 4)?.getUint32(0, true)
    if (name === undefined || length === undefined) continue
    if (length > 1000 || name + 4 + length > source.size)
      return fail('the name of an operator of the TensorFlow Lite file lies behind its end')
    judgeCustom(new TextDecoder().decode(source.read(name + 4, length)), name + 4, part)
  }
}

function judgeCustom(name: string, offset: number, part: Part): void {
  if (name === '' || OF_TFLITE.test(name)) return
  const operator = name.startsWith('Flex') ? name.slice(4) : undefined
  const isFile = operator !== undefined && (judgeOperator(operator) === 'dangerous' || Object.hasOwn(FILE_INPUTS, operator))
  if (isFile) {
    const message = `The operator ${quote(name)} ${Object.hasOwn(FILE_INPUTS, operator) ? 'reads or writes files' : harmOf(operator)}`
    return part.examination.report('tensorflow.dangerous-operator', { message, part, offset })
  }
  if (operator !== undefined && judgeOperator(operator) !== 'unknown') return
  const message = `The operator ${quote(name)} is not of TensorFlow Lite: the model needs a library of its own`
  part.examination.report('tensorflow.custom-operator', { message, part, offset })
}

/** Where a field of a table points to: a vector, a text or a table; undefined when it is not there. */
function target(source: ByteSource, table: number, field: number): number | undefined {
  const toLayout = viewAt(source, table, 4)?.getInt32(0, true)
  if (toLayout === undefined) return undefined
  const layout = table - toLayout
  const size = viewAt(source, layout, 2)?.getUint16(0, true)
  const slot = 4 + 2 * field
  if (size === undefined || slot + 2 > size) return undefined
  const place = viewAt(source, layout + slot, 2)?.getUint16(0, true)
  if (place === undefined || place === 0) return undefined
  const offset = viewAt(source, table + place, 4)?.getUint32(0, true)
  return offset === undefined || table + place + offset >= source.size ? undefined : table + place + offset
}
