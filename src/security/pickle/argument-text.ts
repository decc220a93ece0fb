import { byteAt, viewAt, type ByteSource } from '../source.ts'
import { quote } from './effects/describe.ts'
import { extentOfLiteral, latin1, textOfLiteral, utf8 } from './literals.ts'
import { opcodeOf } from './opcodes.ts'

const LONGEST_TEXT = 60
const LONGEST_LINE = 4096

/** The argument of the opcode at an offset in a few characters: texts are quoted and cut, bytes are told by their number. */
export function argumentText(source: ByteSource, offset: number): string {
  const opcode = opcodeOf(byteAt(source, offset))
  const view = (length: number) => viewAt(source, offset + 1, length)
  switch (opcode?.argument) {
    case 'u8':
      return String(view(1)?.getUint8(0) ?? '')
    case 'u16':
      return String(view(2)?.getUint16(0, true) ?? '')
    case 'u32':
      return String(view(4)?.getUint32(0, true) ?? '')
    case 'i32':
      return String(view(4)?.getInt32(0, true) ?? '')
    case 'u64':
      return String(view(8)?.getBigUint64(0, true) ?? '')
    case 'f64':
      return String(view(8)?.getFloat64(0) ?? '')
    case 'two-lines':
      return lines(source, offset + 1)
    case 'line':
      return isText(opcode.name)
        ? shortText(source, offset)
        : quote(latin1(lineAt(source, offset + 1)), LONGEST_TEXT).slice(1, -1)
    case 'counted-1':
    case 'counted-4':
    case 'counted-8':
      return isText(opcode.name) ? shortText(source, offset) : counted(source, offset, opcode.name)
    default:
      return ''
  }
}

const isText = (opcode: string): boolean => opcode.endsWith('UNICODE') || opcode.endsWith('UNICODE8') || opcode.endsWith('STRING')

function shortText(source: ByteSource, offset: number): string {
  const length = extentOfLiteral(source, offset)?.length ?? 0
  const text = quote(textOfLiteral(source, offset, LONGEST_TEXT * 4), LONGEST_TEXT)
  return length > LONGEST_TEXT * 4 ? `${text} (${length} bytes)` : text
}

function counted(source: ByteSource, offset: number, opcode: string): string {
  const extent = extentOfLiteral(source, offset)
  if (!extent) return ''
  if (!opcode.startsWith('LONG') || extent.length > 8) return `${extent.length} bytes`
  const bytes = source.read(extent.offset, extent.length)
  let value = 0n
  for (let i = bytes.length - 1; i >= 0; i--) value = value * 256n + BigInt(bytes[i]!)
  return String(BigInt.asIntN(bytes.length * 8, value))
}

/** Module and name. */
function lines(source: ByteSource, offset: number): string {
  const first = lineAt(source, offset)
  const second = lineAt(source, offset + first.length + 1)
  return [first, second].map((line) => quote(utf8(line), LONGEST_TEXT).slice(1, -1)).join(' ')
}

function lineAt(source: ByteSource, offset: number): Uint8Array {
  const bytes = source.read(offset, LONGEST_LINE)
  const newline = bytes.indexOf(10)
  return newline < 0 ? bytes : bytes.subarray(0, newline)
}
