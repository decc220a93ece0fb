import type { ByteSource } from '../../source.ts'
import { Containers } from './containers.ts'
import { build, call, checkTarget, importName, persistentId, stackGlobal } from '../effects/effects.ts'
import type { Ledger } from '../effects/ledger.ts'
import type { ImportTable } from '../effects/imports.ts'
import type { ArrayAfter } from '../effects/joblib-array.ts'
import { textOfLiteral } from '../literals.ts'
import { Memo } from './memo.ts'
import { opcodeName } from '../opcodes.ts'
import { Problems } from './problems.ts'
import { PickleReader } from './reader.ts'
import { Stack } from './stack.ts'
import type { Storages } from '../effects/torch-storages.ts'
import {
  BOOL,
  FLOAT,
  Kind,
  kindOf,
  LIST,
  MISSING,
  NONE,
  OPAQUE,
  pack,
  packInt,
  PERSISTENT,
  SET,
  SOME_INT,
  type Value,
} from '../values.ts'

/**
 * - `running`: there is more to do.
 * - `array`: a joblib array follows in the stream; see `array`. Call `resume` with where it ends.
 * - `stopped`: STOP was reached.
 * - `truncated`: the bytes end before STOP.
 * - `broken`: a byte that is no opcode; in a strict machine, whatever CPython refuses.
 */
export type Status = 'running' | 'array' | 'stopped' | 'truncated' | 'broken'

const NO_VALUES = new Float64Array(0)

/**
 * Interprets a pickle without doing what it says: every value is known only as far as the policy asks for it. It goes on where
 * CPython's unpickler stops, so that whatever any loader runs before an error is seen. A strict machine stops there: it
 * follows bytes that are most likely no pickle at all.
 */
export class PickleMachine {
  readonly reader: PickleReader
  readonly ledger: Ledger
  /** The array that follows, when the status is `array`. */
  array: ArrayAfter = { kind: 'unknown', why: '' }
  readonly #problems: Problems
  readonly #containers: Containers
  readonly #strict: boolean
  #stack = new Stack()
  #memo = new Memo()
  /** Where the current frame ends; -1 outside of frames. */
  #frameEnd = -1

  constructor(source: ByteSource, offset: number, parts: { imports: ImportTable; storages: Storages }, from?: PickleMachine) {
    this.reader = new PickleReader(source, offset)
    this.#problems = new Problems()
    this.#containers = from ? from.#containers.clone() : new Containers()
    this.#strict = from !== undefined
    const dtypes = from ? from.ledger.dtypes.map((dtype) => ({ ...dtype })) : []
    const { imports, storages } = parts
    this.ledger = {
      source,
      imports,
      storages,
      dtypes,
      problems: this.#problems,
      containers: this.#containers,
      nested: [],
      strict: this.#strict,
    }
    if (!from) return
    this.#stack = from.#stack.clone()
    this.#memo = new Memo(from.#memo)
  }

  /** A strict machine in the same state that reads on by itself and leaves this one as it is. */
  fork(imports: ImportTable): PickleMachine {
    return new PickleMachine(this.reader.source, this.reader.offset, { imports, storages: this.ledger.storages }, this)
  }

  /** Goes on after a joblib array. */
  resume(offset: number): void {
    this.reader.seek(offset)
    this.#frameEnd = -1
  }

  /** Runs at most this many opcodes. */
  run(opcodes: number): Status {
    const { reader, ledger } = this
    const stack = this.#stack
    const containers = this.#containers
    for (let left = opcodes; left > 0; left--) {
      const offset = reader.offset
      if (this.#frameEnd >= 0 && offset >= this.#frameEnd) this.#leaveFrame(offset)
      const code = reader.u8()
      switch (code) {
        case -1:
          return 'truncated'
        case 0x28: // MARK
          stack.mark()
          break
        case 0x2e: // STOP
          return this.#stop(offset)
        case 0x30: // POP
          stack.popOrUnmark()
          break
        case 0x31: // POP_MARK
          stack.popMark()
          break
        case 0x32: // DUP
          stack.push(stack.peek())
          break
        case 0x4e: // NONE
          stack.push(NONE)
          break
        case 0x88: // NEWTRUE
        case 0x89: // NEWFALSE
          stack.push(BOOL)
          break
        case 0x4b: // BININT1
          stack.push(packInt(reader.u8()))
          break
        case 0x4d: // BININT2
          stack.push(packInt(reader.u16()))
          break
        case 0x4a: // BININT
          stack.push(packInt(reader.u32() | 0))
          break
        case 0x8a: // LONG1
          stack.push(this.#long(reader.u8()))
          break
        case 0x8b: // LONG4
          stack.push(this.#long(reader.u32()))
          break
        case 0x47: // BINFLOAT
          reader.skip(8)
          stack.push(FLOAT)
          break
        case 0x46: // FLOAT
          reader.skipLine()
          stack.push(FLOAT)
          break
        case 0x49: // INT
        case 0x4c: // LONG
          reader.skipLine()
          stack.push(this.#textInteger(offset))
          break
        case 0x53: // STRING
        case 0x56: // UNICODE
          reader.skipLine()
          stack.push(pack(Kind.text, offset))
          break
        case 0x54: // BINSTRING
        case 0x58: // BINUNICODE
          reader.skip(reader.u32())
          stack.push(pack(Kind.text, offset))
          break
        case 0x55: // SHORT_BINSTRING
        case 0x8c: // SHORT_BINUNICODE
          reader.skip(reader.u8())
          stack.push(pack(Kind.text, offset))
          break
        case 0x8d: // BINUNICODE8
          reader.skip(reader.u64())
          stack.push(pack(Kind.text, offset))
          break
        case 0x42: // BINBYTES
          reader.skip(reader.u32())
          stack.push(pack(Kind.bytes, offset))
          break
        case 0x43: // SHORT_BINBYTES
          reader.skip(reader.u8())
          stack.push(pack(Kind.bytes, offset))
          break
        case 0x8e: // BINBYTES8
        case 0x96: // BYTEARRAY8
          reader.skip(reader.u64())
          stack.push(pack(Kind.bytes, offset))
          break
        case 0x97: // NEXT_BUFFER
          this.#problems.add('pickle.anomaly', offset, 'NEXT_BUFFER asks for bytes that are kept outside of the pickle')
          stack.push(OPAQUE)
          break
        case 0x98: // READONLY_BUFFER
          break
        case 0x29: // EMPTY_TUPLE
          stack.push(containers.tuple(NO_VALUES))
          break
        case 0x85: // TUPLE1
          stack.push(containers.tuple1(stack.pop()))
          break
        case 0x86: {
          // TUPLE2
          const second = stack.pop()
          stack.push(containers.tuple2(stack.pop(), second))
          break
        }
        case 0x87: {
          // TUPLE3
          const third = stack.pop()
          const second = stack.pop()
          stack.push(containers.tuple3(stack.pop(), second, third))
          break
        }
        case 0x74: // TUPLE
          stack.push(containers.tuple(stack.popMark()))
          break
        case 0x5d: // EMPTY_LIST
          stack.push(LIST)
          break
        case 0x6c: // LIST
          stack.popMark()
          stack.push(LIST)
          break
        case 0x7d: // EMPTY_DICT
          stack.push(containers.dict())
          break
        case 0x64: {
          // DICT
          const dict = containers.dict()
          containers.addPairs(dict, stack.popMark())
          stack.push(dict)
          break
        }
        case 0x8f: // EMPTY_SET
          stack.push(SET)
          break
        case 0x91: // FROZENSET
          stack.popMark()
          stack.push(SET)
          break
        case 0x61: // APPEND
          stack.pop()
          checkTarget(ledger, offset, 'APPEND', stack.peek())
          break
        case 0x65: // APPENDS
          stack.popMark()
          checkTarget(ledger, offset, 'APPENDS', stack.peek())
          break
        case 0x90: // ADDITEMS
          stack.popMark()
          checkTarget(ledger, offset, 'ADDITEMS', stack.peek())
          break
        case 0x73: {
          // SETITEM
          const value = stack.pop()
          const key = stack.pop()
          containers.addPair(stack.peek(), key, value)
          checkTarget(ledger, offset, 'SETITEM', stack.peek())
          break
        }
        case 0x75: {
          // SETITEMS
          const pairs = stack.popMark()
          containers.addPairs(stack.peek(), pairs)
          checkTarget(ledger, offset, 'SETITEMS', stack.peek())
          break
        }
        case 0x94: // MEMOIZE
          this.#remember(offset, this.#memo.size)
          break
        case 0x71: // BINPUT
          this.#remember(offset, reader.u8())
          break
        case 0x72: // LONG_BINPUT
          this.#remember(offset, reader.u32())
          break
        case 0x70: // PUT
          reader.skipLine()
          this.#remember(offset, this.#slotNumber(offset))
          break
        case 0x68: // BINGET
          this.#recall(offset, reader.u8())
          break
        case 0x6a: // LONG_BINGET
          this.#recall(offset, reader.u32())
          break
        case 0x67: // GET
          reader.skipLine()
          this.#recall(offset, this.#slotNumber(offset))
          break
        case 0x63: // GLOBAL
          stack.push(this.#importLines(offset, 'GLOBAL'))
          break
        case 0x93: {
          // STACK_GLOBAL
          const name = stack.pop()
          stack.push(stackGlobal(ledger, offset, stack.pop(), name))
          break
        }
        case 0x69: {
          // INST
          const args = stack.popMark().slice()
          stack.push(call(ledger, offset, 'INST', this.#importLines(offset, 'INST'), args))
          break
        }
        case 0x6f: {
          // OBJ
          const values = stack.popMark().slice()
          stack.push(call(ledger, offset, 'OBJ', values[0] ?? MISSING, values.subarray(1)))
          break
        }
        case 0x52: // REDUCE
        case 0x81: {
          // NEWOBJ
          const args = containers.values(stack.pop())
          stack.push(call(ledger, offset, code === 0x52 ? 'REDUCE' : 'NEWOBJ', stack.pop(), args))
          break
        }
        case 0x92: {
          // NEWOBJ_EX
          const keywords = stack.pop()
          const args = containers.values(stack.pop())
          stack.push(call(ledger, offset, 'NEWOBJ_EX', stack.pop(), args, keywords))
          break
        }
        case 0x62: {
          // BUILD
          const state = stack.pop()
          const array = build(ledger, offset, stack.peek(), state)
          // To a plain `pickle.load`, which the strict machine stands for, a wrapper is an object like any other.
          if (array && !this.#strict) {
            this.array = array
            return 'array'
          }
          break
        }
        case 0x50: // PERSID
          reader.skipLine()
          this.#problems.add('pickle.persistent-id', offset, 'the loader is asked for an object that is not in the file')
          stack.push(PERSISTENT)
          break
        case 0x51: // BINPERSID
          stack.push(persistentId(ledger, offset, stack.pop()))
          break
        case 0x82: // EXT1
        case 0x83: // EXT2
        case 0x84: // EXT4
          reader.skip(code === 0x82 ? 1 : code === 0x83 ? 2 : 4)
          this.#problems.add(
            'pickle.extension-code',
            offset,
            `${opcodeName(code)} imports a name by a number that only the loader knows`,
          )
          stack.push(OPAQUE)
          break
        case 0x80: {
          // PROTO
          const protocol = reader.u8()
          if (protocol > 5) this.#problems.add('pickle.anomaly', offset, `PROTO names protocol ${protocol}, which does not exist`)
          break
        }
        case 0x95: // FRAME
          this.#enterFrame(offset)
          break
        default:
          return 'broken'
      }
      if (reader.ended) return 'truncated'
      if (stack.trouble && this.#stackTrouble(offset)) return 'broken'
    }
    return 'running'
  }

  #stop(offset: number): Status {
    const stack = this.#stack
    stack.pop()
    if (stack.trouble) this.#stackTrouble(offset)
    else if (stack.length > 0 || stack.hasMarks) {
      this.#problems.add('pickle.anomaly', offset, 'values are left on the stack at STOP, which no pickler does')
    }
    const hidden = this.#frameEnd - this.reader.offset
    if (hidden > 0) this.#problems.add('pickle.frame', offset, `STOP leaves ${hidden} bytes of its frame unread`)
    return 'stopped'
  }

  #stackTrouble(offset: number): boolean {
    const stack = this.#stack
    if (stack.overflow) this.#problems.add('scan.limit', offset, 'the stack is deeper than the scanner holds')
    else this.#problems.add('pickle.anomaly', offset, 'an opcode takes a value from an empty stack')
    stack.trouble = false
    return this.#strict
  }

  #enterFrame(offset: number): void {
    const length = this.reader.u64()
    if (this.#frameEnd >= 0) this.#problems.add('pickle.frame', offset, 'a frame begins inside another frame')
    this.#frameEnd = this.reader.offset + length
  }

  #leaveFrame(offset: number): void {
    const over = offset - this.#frameEnd
    if (over > 0) this.#problems.add('pickle.frame', this.#frameEnd, `an opcode reaches ${over} bytes over the end of its frame`)
    this.#frameEnd = -1
  }

  /** A little-endian two's complement integer of so many bytes. */
  #long(length: number): Value {
    const start = this.reader.offset
    this.reader.skip(length)
    if (length <= 0 || length > 8) return length === 0 ? packInt(0) : SOME_INT
    const bytes = this.reader.source.read(start, length)
    let value = 0
    for (let i = bytes.length - 1; i >= 0; i--) value = value * 256 + bytes[i]!
    return bytes[length - 1]! >= 0x80 ? SOME_INT : packInt(value)
  }

  /** The line after the opcode at `offset` as C code sees it: up to a NUL. */
  #numberText(offset: number): string {
    return textOfLiteral(this.reader.source, offset, 64).split('\0', 1)[0]!.trim()
  }

  #textInteger(offset: number): Value {
    const text = this.#numberText(offset)
    if (/^\d{1,15}L?$/.test(text)) return packInt(Number.parseInt(text, 10))
    if (!/^-?\d+L?$/.test(text)) this.#oddNumber(offset, text)
    return SOME_INT
  }

  /** Memo slot of PUT and GET: what Python's `int` makes of the line; -1 for what it refuses. */
  #slotNumber(offset: number): number {
    const text = this.#numberText(offset)
    if (/^\d+$/.test(text)) return Number(text)
    this.#oddNumber(offset, text)
    return /^\+?\d+(_\d+)*$/.test(text) ? Number(text.replaceAll('_', '')) : -1
  }

  #oddNumber(offset: number, text: string): void {
    const shown = JSON.stringify(text.slice(0, 20))
    this.#problems.add('pickle.anomaly', offset, `the number ${shown} is written in a way that no pickler uses`)
  }

  #remember(offset: number, slot: number): void {
    const value = this.#stack.peek()
    if (slot >= 0 && !this.#memo.set(slot, value)) {
      this.#problems.add('scan.limit', offset, 'the memo is larger than the scanner holds')
    }
  }

  #recall(offset: number, slot: number): void {
    const value = slot < 0 ? MISSING : this.#memo.get(slot)
    if (kindOf(value) === Kind.missing) {
      this.#problems.add('pickle.anomaly', offset, `memo slot ${slot} is read before it is written`)
      // CPython refuses this; a strict machine does as well.
      if (this.#strict) this.#stack.trouble = true
    }
    this.#stack.push(value)
  }

  /** Module and name on two lines. */
  #importLines(offset: number, opcode: string): Value {
    return importName(this.ledger, offset, opcode, this.reader.line(), this.reader.line())
  }
}
