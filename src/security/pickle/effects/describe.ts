import type { Ledger } from './ledger.ts'
import { extentOfLiteral, textOfLiteral } from '../literals.ts'
import { intOf, Kind, kindOf, payloadOf, type Value } from '../values.ts'

const LONGEST_TEXT = 80
const DEEPEST = 3
const MOST_MEMBERS = 6

type Known = Pick<Ledger, 'source' | 'containers' | 'imports'>

/** A value as a finding shows it: constants in Python's notation, `…` for what is not known. */
export function describeValue(known: Known, value: Value, depth = 0): string {
  switch (kindOf(value)) {
    case Kind.none:
      return 'None'
    case Kind.bool:
      return 'bool'
    case Kind.int:
      return String(intOf(value) ?? 'int')
    case Kind.float:
      return 'float'
    case Kind.text:
      return quote(textOfLiteral(known.source, payloadOf(value), LONGEST_TEXT * 4))
    case Kind.bytes:
      return `b${quote(bytesText(known, value))}`
    case Kind.tuple: {
      const members = known.containers.values(value)
      return members && depth < DEEPEST ? describeArguments(known, members, undefined, depth + 1) : '(…)'
    }
    case Kind.list:
      return '[…]'
    case Kind.dict:
      return '{…}'
    case Kind.set:
      return 'set(…)'
    case Kind.import: {
      const record = known.imports.records[payloadOf(value)]!
      return `${record.module}.${record.name}`
    }
    case Kind.result: {
      const record = known.imports.records[payloadOf(value) - 1]
      return record ? `${record.module}.${record.name}(…)` : '…(…)'
    }
    case Kind.dtype:
      return 'numpy.dtype(…)'
    default:
      return '…'
  }
}

/** Arguments of a call, in parentheses. */
export function describeArguments(known: Known, args: Float64Array | undefined, keywords?: Value, depth = 0): string {
  if (!args) return '(…)'
  const shown = Array.from(args.subarray(0, MOST_MEMBERS), (value) => describeValue(known, value, depth))
  if (args.length > MOST_MEMBERS) shown.push('…')
  if (keywords !== undefined && known.containers.count(keywords) !== 0) shown.push('**{…}')
  return `(${shown.join(', ')})`
}

function bytesText(known: Known, value: Value): string {
  const extent = extentOfLiteral(known.source, payloadOf(value))
  if (!extent) return ''
  return Buffer.from(known.source.read(extent.offset, Math.min(extent.length, LONGEST_TEXT + 1))).toString('latin1')
}

function quote(text: string): string {
  const cut = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text
  return JSON.stringify(cut).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (odd) => `\\u${odd.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
