import { textOfLiteral } from '../literals.ts'
import { Kind, kindOf, payloadOf, type Value } from '../values.ts'
import { producer } from './import-name.ts'
import type { Ledger } from './ledger.ts'

/** Bytes inside a pickle that a call hands to another loader. */
export interface NestedBytes {
  /** Offset of the opcode that pushes the constant. */
  readonly offset: number
  readonly loader: string
  /** How the constant becomes what is loaded. */
  readonly encoding: Encoding
}

/** `text`: the code points of the text are the bytes, as in Latin-1. */
export type Encoding = 'raw' | 'text' | 'base64' | 'hex'

const MOST_NESTED = 64
const DEEPEST = 5
const BASE64 = /^(?:base64 \w*decode\w*|binascii a2b_base64)$/
const HEX = /^binascii (?:unhexlify|a2b_hex)$/

/** Notes the constants among the arguments of a loader, however they are wrapped on the way, and answers how many there are. */
export function addNested(ledger: Ledger, args: readonly (Value | undefined)[], loader: string): number {
  const before = ledger.nested.length
  for (const value of args) if (value !== undefined) follow(ledger, value, loader, 'raw', 0)
  return ledger.nested.length - before
}

function follow(ledger: Ledger, value: Value, loader: string, encoding: Encoding, depth: number): void {
  if (ledger.nested.length >= MOST_NESTED || depth > DEEPEST) return
  switch (kindOf(value)) {
    case Kind.bytes:
      ledger.nested.push({ offset: payloadOf(value), loader, encoding: encoding === 'text' ? 'raw' : encoding })
      break
    case Kind.text:
      // A text as it is names a file, unless something made bytes of it.
      if (encoding !== 'raw') ledger.nested.push({ offset: payloadOf(value), loader, encoding })
      break
    case Kind.tuple:
    case Kind.list:
    case Kind.dict:
      for (const member of ledger.containers.values(value) ?? []) follow(ledger, member, loader, encoding, depth + 1)
      break
    case Kind.result: {
      const made = encodingOf(ledger, value)
      for (const arg of ledger.containers.argumentsOf(value) ?? []) follow(ledger, arg, loader, made ?? encoding, depth + 1)
      break
    }
  }
}

/** What the call that answered a value makes of the constants that it was given. */
function encodingOf(ledger: Ledger, result: Value): Encoding | undefined {
  const from = producer(ledger, result)
  if (!from) return undefined
  const name = from.present
  if (BASE64.test(name)) return 'base64'
  if (HEX.test(name)) return 'hex'
  if (from.module !== '_codecs' && from.module !== 'codecs' && from.name !== 'bytes' && from.name !== 'bytearray')
    return undefined
  const codec = ledger.containers.argumentsOf(result)?.[1]
  const codecName = codec !== undefined && kindOf(codec) === Kind.text ? textOfLiteral(ledger.source, payloadOf(codec)) : ''
  return /base.?64/.test(codecName) ? 'base64' : /hex/.test(codecName) ? 'hex' : 'text'
}
