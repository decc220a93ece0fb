import type { Ledger } from './ledger.ts'
import { extentOfLiteral, textOfLiteral } from '../literals.ts'
import { importIndexOf, intOf, Kind, kindOf, payloadOf, type Value } from '../values.ts'

const LONGEST_TEXT = 80
/** Of all arguments together. */
const LONGEST = 600
const DEEPEST = 4
const MOST_MEMBERS = 6

type Known = Pick<Ledger, 'source' | 'containers' | 'imports'>

/** A value as a finding shows it: constants in Python's notation, `…` for what is not known. */
export function describeValue(known: Known, value: Value, depth = 0): string {
  switch (kindOf(value)) {
    case Kind.none:
      return 'None'
    case Kind.bool:
      return payloadOf(value) === 1 ? 'True' : 'False'
    case Kind.int:
      return String(intOf(value) ?? 'int')
    case Kind.float:
      return 'float'
    case Kind.text:
      return quote(textOfLiteral(known.source, payloadOf(value), LONGEST_TEXT * 4))
    case Kind.bytes:
      return `b${quote(bytesText(known, value))}`
    case Kind.tuple:
      return describeMembers(known, value, depth, '(', ')')
    case Kind.list:
      return describeMembers(known, value, depth, '[', ']')
    case Kind.dict:
      return describeDict(known, value, depth)
    case Kind.set:
      return 'set(…)'
    case Kind.import: {
      const record = known.imports.records[payloadOf(value)]!
      return `${record.module}.${record.name}`
    }
    case Kind.result:
      return describeResult(known, value, depth)
    case Kind.dtype:
      return 'numpy.dtype(…)'
    case Kind.persistent:
      return payloadOf(value) > 0 ? 'storage' : '…'
    default:
      return '…'
  }
}

/** Arguments of a call, in parentheses. */
export function describeArguments(known: Known, args: Value, keywords?: Value): string {
  const shown = kindOf(args) === Kind.tuple ? describeMembers(known, args, 0, '(', ')') : `(*${describeValue(known, args, 1)})`
  if (keywords === undefined || known.containers.count(keywords) === 0) return shorten(shown)
  const named = keywordTexts(known, keywords).join(', ')
  return shorten(shown === '()' ? `(${named})` : `${shown.slice(0, -1)}, ${named})`)
}

function describeMembers(known: Known, container: Value, depth: number, open: string, close: string): string {
  const members = known.containers.values(container)
  if (!members || depth >= DEEPEST) return `${open}…${close}`
  const shown = Array.from(members.subarray(0, MOST_MEMBERS), (member) => describeValue(known, member, depth + 1))
  if (members.length > MOST_MEMBERS) shown.push('…')
  return `${open}${shown.join(', ')}${close}`
}

function describeDict(known: Known, dict: Value, depth: number): string {
  const pairs = known.containers.values(dict)
  if (!pairs || depth >= DEEPEST) return '{…}'
  const shown: string[] = []
  for (let i = 0; i + 1 < pairs.length && shown.length < MOST_MEMBERS; i += 2) {
    shown.push(`${describeValue(known, pairs[i]!, depth + 1)}: ${describeValue(known, pairs[i + 1]!, depth + 1)}`)
  }
  if (pairs.length > MOST_MEMBERS * 2) shown.push('…')
  return `{${shown.join(', ')}}`
}

function describeResult(known: Known, result: Value, depth: number): string {
  const record = known.imports.records[importIndexOf(result)]
  const name = record ? `${record.module}.${record.name}` : '…'
  const args = known.containers.argumentsOf(result)
  if (!args || depth >= DEEPEST) return `${name}(…)`
  const shown = Array.from(args.subarray(0, MOST_MEMBERS), (arg) => describeValue(known, arg, depth + 1))
  if (args.length > MOST_MEMBERS) shown.push('…')
  return `${name}(${shown.join(', ')})`
}

function keywordTexts(known: Known, keywords: Value): string[] {
  const pairs = kindOf(keywords) === Kind.dict ? known.containers.values(keywords) : undefined
  if (!pairs) return ['**{…}']
  const shown: string[] = []
  for (let i = 0; i + 1 < pairs.length && shown.length < MOST_MEMBERS; i += 2) {
    const key = pairs[i]!
    const name = kindOf(key) === Kind.text ? textOfLiteral(known.source, payloadOf(key), LONGEST_TEXT) : '…'
    shown.push(`${/^\w+$/.test(name) ? name : quote(name)}=${describeValue(known, pairs[i + 1]!, 1)}`)
  }
  return shown
}

const shorten = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…)` : text)

function bytesText(known: Known, value: Value): string {
  const extent = extentOfLiteral(known.source, payloadOf(value))
  if (!extent) return ''
  return Buffer.from(known.source.read(extent.offset, Math.min(extent.length, LONGEST_TEXT + 1))).toString('latin1')
}

/** A text in quotes, cut when it is long; what would move the cursor or hide is escaped. */
export function quote(text: string, longest = LONGEST_TEXT): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text
  return JSON.stringify(cut).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (odd) => `\\u${odd.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
