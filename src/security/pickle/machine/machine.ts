import type { ByteSource } from '../../source.ts'
import { Containers } from './containers.ts'
import { build } from '../effects/build.ts'
import { call } from '../effects/call.ts'
import { importName, stackGlobal } from '../effects/import-name.ts'
import type { Ledger } from '../effects/ledger.ts'
import type { ImportTable } from '../effects/imports.ts'
import type { ArrayAfter } from '../effects/joblib-array.ts'
import { Memo, recall, remember } from './memo.ts'
import { longInteger, skipFloat, slotNumber, textInteger } from './numbers.ts'
import { opcodeName } from '../opcodes.ts'
import { Problems } from './problems.ts'
import { PickleReader } from './reader.ts'
import { Stack } from './stack.ts'
import { countedBytes, countedText, textLine } from './texts.ts'
import { checkAttribute, checkMembers, checkTarget, keptAsValue } from '../effects/targets.ts'
import { persistentId } from '../effects/tensors.ts'
import type { Storages } from '../effects/torch-storages.ts'
import {
  FALSE,
  FLOAT,
  isFlagged,
  Kind,
  kindOf,
  MISSING,
  NONE,
  OPAQUE,
  pack,
  packInt,
  PERSISTENT,
  SET,
  TRUE,
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

export interface MachineParts {
  readonly imports: ImportTable
  readonly storages: Storages
  /** It stops where CPython does. */
  readonly strict?: boolean
  /** The machine whose state it goes on from. */
  readonly from?: PickleMachine
}

/**
 * Interprets a pickle without doing what it says: every value is known only as far as the policy asks for it. It goes on where
 * CPython's unpickler stops, so that whatever any loader runs before an error is seen. A strict machine stops there: it
 * follows bytes that are most likely no pickle at all.
 */
export class PickleMachine {
  readonly reader: PickleReader
  readonly ledger: Ledger
  /** What loading answers, when the status is `stopped`. */
  result: Value = MISSING
  /** The array that follows, when the status is `array`. */
  array: ArrayAfter = { kind: 'unknown', why: '' }
  readonly #problems: Problems
  readonly #containers: Containers
  readonly #strict: boolean
  #stack = new Stack()
  #memo = new Memo()
  /** Where the current frame ends; -1 outside of frames. */
  #frameEnd = -1

  constructor(source: ByteSource, offset: number, { imports, storages, strict, from }: MachineParts) {
    this.reader = new PickleReader(source, offset)
    this.#problems = new Problems()
    this.#containers = from ? new Containers(from.#containers) : new Containers()
    this.#strict = strict === true
    this.ledger = {
      source,
      imports,
      storages,
      dtypes: from ? from.ledger.dtypes.map((dtype) => ({ ...dtype })) : [],
      problems: this.#problems,
      containers: this.#containers,
      nested: [],
      embedded: [],
      strict: this.#strict,
    }
    if (!from) return
    this.#stack = from.#stack.clone()
    this.#memo = new Memo(from.#memo)
  }

  /** A strict machine in the same state that reads on by itself and leaves this one as it is. */
  fork(imports: ImportTable): PickleMachine {
    const parts = { imports, storages: this.ledger.storages, strict: true, from: this }
    return new PickleMachine(this.reader.source, this.reader.offset, parts)
  }

  /** How many values lie on the stack. */
  get depth(): number {
    return this.#stack.length
  }

  /** How many memo slots were written. */
  get memoSize(): number {
    return this.#memo.size
  }

  /** The value on top of the stack, or MISSING. */
  get top(): Value {
    return this.#stack.top
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
    const memo = this.#memo
    for (let left = opcodes; left > 0; left--) {
      const offset = reader.offset
      if (this.#frameEnd >= 0 && offset >= this.#frameEnd) this.#leaveFrame(offset)
      const code = reader.u8()
      switch (code) {
        case 0x28: // MARK
          stack.mark()
          break
        case 0x30: // POP
          stack.popOrUnmark()
          break
        case 0x4e: // NONE
          stack.push(NONE)
          break
        case 0x88: // NEWTRUE
          stack.push(TRUE)
          break
        case 0x89: // NEWFALSE
          stack.push(FALSE)
          break
        case 0x4b: // BININT1
          stack.push(pack(Kind.int, reader.u8() + 1))
          break
        case 0x4d: // BININT2
          stack.push(pack(Kind.int, reader.u16() + 1))
          break
        case 0x4a: // BININT
          stack.push(packInt(reader.u32() | 0))
          break
        case 0x47: // BINFLOAT
          reader.skip(8)
          stack.push(FLOAT)
          break
        case 0x54: // BINSTRING
        case 0x58: // BINUNICODE
          stack.push(countedText(ledger, reader, offset, reader.u32()))
          break
        case 0x55: // SHORT_BINSTRING
        case 0x8c: // SHORT_BINUNICODE
          stack.push(countedText(ledger, reader, offset, reader.u8()))
          break
        case 0x43: // SHORT_BINBYTES
          stack.push(countedBytes(ledger, reader, offset, reader.u8()))
          break
        case 0x29: // EMPTY_TUPLE
          stack.push(containers.emptyTuple())
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
        case 0x74: {
          // TUPLE
          const to = stack.length
          const from = stack.popMark()
          stack.push(containers.tuple(stack.values, from, to))
          break
        }
        case 0x5d: // EMPTY_LIST
          stack.push(containers.list())
          break
        case 0x7d: // EMPTY_DICT
          stack.push(containers.dict())
          break
        case 0x61: {
          // APPEND
          const member = stack.pop()
          const list = stack.peek()
          if (kindOf(list) === Kind.list) containers.add(list, member)
          else checkTarget(ledger, offset, 'APPEND', list)
          if (isFlagged(member) && kindOf(member) !== Kind.text) keptAsValue(ledger, offset, 'APPEND', member)
          break
        }
        case 0x65: {
          // APPENDS
          const to = stack.length
          const from = stack.popMark()
          const list = stack.peek()
          if (kindOf(list) !== Kind.list) checkTarget(ledger, offset, 'APPENDS', list)
          if (containers.addAll(list, stack.values, from, to)) checkMembers(ledger, offset, 'APPENDS', stack.values, from, to)
          break
        }
        case 0x73: {
          // SETITEM
          const value = stack.pop()
          const key = stack.pop()
          const dict = stack.peek()
          if (kindOf(dict) === Kind.dict) containers.addPair(dict, key, value)
          else checkTarget(ledger, offset, 'SETITEM', dict)
          if (isFlagged(key) && kindOf(key) === Kind.text) checkAttribute(ledger, offset, key, value)
          if (isFlagged(value) && kindOf(value) !== Kind.text) keptAsValue(ledger, offset, 'SETITEM', value)
          break
        }
        case 0x75: {
          // SETITEMS
          const to = stack.length
          const from = stack.popMark()
          const dict = stack.peek()
          if (kindOf(dict) !== Kind.dict) checkTarget(ledger, offset, 'SETITEMS', dict)
          if (containers.addAll(dict, stack.values, from, to)) checkMembers(ledger, offset, 'SETITEMS', stack.values, from, to)
          break
        }
        case 0x94: // MEMOIZE
          remember(ledger, memo, offset, memo.size, stack.peek())
          break
        case 0x71: // BINPUT
          remember(ledger, memo, offset, reader.u8(), stack.peek())
          break
        case 0x72: // LONG_BINPUT
          remember(ledger, memo, offset, reader.u32(), stack.peek())
          break
        case 0x68: // BINGET
          this.#recall(offset, reader.u8())
          break
        case 0x6a: // LONG_BINGET
          this.#recall(offset, reader.u32())
          break
        case 0x52: // REDUCE
        case 0x81: {
          // NEWOBJ
          const args = stack.pop()
          stack.push(call(ledger, offset, code === 0x52 ? 'REDUCE' : 'NEWOBJ', stack.pop(), args))
          break
        }
        case 0x62: {
          // BUILD
          const state = stack.pop()
          const array = build(ledger, offset, stack.peek(), state)
          // To a plain `pickle.load`, which the strict machine stands for, a wrapper is an object like any other.
          if (array && !this.#strict) return this.#beforeArray(array)
          break
        }
        default: {
          const status = this.#runRare(code, offset)
          if (status !== 'running') return status
        }
      }
      if (reader.ended) return 'truncated'
      if (stack.trouble && this.#stackTrouble(offset)) return 'broken'
    }
    return 'running'
  }

  /** The opcodes that few pickles are full of, apart from the others: a shorter `run` is a faster one. */
  #runRare(code: number, offset: number): Status {
    const { reader, ledger } = this
    const stack = this.#stack
    const containers = this.#containers
    switch (code) {
      case -1:
        return 'truncated'
      case 0x2e: // STOP
        return this.#stop(offset)
      case 0x31: // POP_MARK
        stack.popMark()
        break
      case 0x32: // DUP
        stack.push(stack.peek())
        break
      case 0x8a: // LONG1
        stack.push(longInteger(reader, reader.u8()))
        break
      case 0x8b: // LONG4
        stack.push(longInteger(reader, reader.u32()))
        break
      case 0x46: // FLOAT
        skipFloat(ledger, reader, offset)
        stack.push(FLOAT)
        break
      case 0x49: // INT
      case 0x4c: // LONG
        reader.skipLine()
        stack.push(textInteger(ledger, offset))
        break
      case 0x53: // STRING
      case 0x56: // UNICODE
        stack.push(textLine(ledger, reader, offset, code))
        break
      case 0x8d: // BINUNICODE8
        stack.push(countedText(ledger, reader, offset, reader.u64()))
        break
      case 0x42: // BINBYTES
        stack.push(countedBytes(ledger, reader, offset, reader.u32()))
        break
      case 0x8e: // BINBYTES8
      case 0x96: // BYTEARRAY8
        stack.push(countedBytes(ledger, reader, offset, reader.u64()))
        break
      case 0x97: // NEXT_BUFFER
        this.#problems.add('pickle.outside-buffer', offset, 'NEXT_BUFFER asks for bytes that are kept outside of the pickle')
        stack.push(OPAQUE)
        break
      case 0x98: // READONLY_BUFFER
        break
      case 0x6c: {
        // LIST
        const to = stack.length
        const from = stack.popMark()
        const list = containers.list()
        if (containers.addAll(list, stack.values, from, to)) checkMembers(ledger, offset, 'LIST', stack.values, from, to)
        stack.push(list)
        break
      }
      case 0x64: {
        // DICT
        const to = stack.length
        const from = stack.popMark()
        const dict = containers.dict()
        if (containers.addAll(dict, stack.values, from, to)) checkMembers(ledger, offset, 'DICT', stack.values, from, to)
        stack.push(dict)
        break
      }
      case 0x8f: // EMPTY_SET
        stack.push(SET)
        break
      case 0x91: {
        // FROZENSET
        const to = stack.length
        checkMembers(ledger, offset, 'FROZENSET', stack.values, stack.popMark(), to)
        stack.push(SET)
        break
      }
      case 0x90: {
        // ADDITEMS
        const to = stack.length
        const from = stack.popMark()
        checkTarget(ledger, offset, 'ADDITEMS', stack.peek())
        checkMembers(ledger, offset, 'ADDITEMS', stack.values, from, to)
        break
      }
      case 0x70: // PUT
        reader.skipLine()
        remember(ledger, this.#memo, offset, slotNumber(ledger, offset), stack.peek())
        break
      case 0x67: // GET
        reader.skipLine()
        this.#recall(offset, slotNumber(ledger, offset))
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
        const to = stack.length
        const args = containers.tuple(stack.values, stack.popMark(), to)
        stack.push(call(ledger, offset, 'INST', this.#importLines(offset, 'INST'), args))
        break
      }
      case 0x6f: {
        // OBJ
        const to = stack.length
        const from = stack.popMark()
        const callee = from < to ? stack.values[from]! : MISSING
        stack.push(call(ledger, offset, 'OBJ', callee, containers.tuple(stack.values, Math.min(from + 1, to), to)))
        break
      }
      case 0x92: {
        // NEWOBJ_EX
        const keywords = stack.pop()
        const args = stack.pop()
        stack.push(call(ledger, offset, 'NEWOBJ_EX', stack.pop(), args, keywords))
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
    return 'running'
  }

  #stop(offset: number): Status {
    const stack = this.#stack
    this.result = stack.pop()
    if (stack.trouble) this.#stackTrouble(offset)
    else if (stack.length > 0 || stack.hasMarks) {
      this.#problems.add('pickle.anomaly', offset, 'values are left on the stack at STOP, which no pickler does')
    }
    const hidden = this.#frameEnd - this.reader.offset
    if (hidden > 0) this.#problems.add('pickle.frame', offset, `STOP leaves ${hidden} bytes of its frame unread`)
    return 'stopped'
  }

  #beforeArray(array: ArrayAfter): Status {
    this.array = array
    const inFrame = this.#frameEnd - this.reader.offset
    // Some loaders have read the frame ahead, so for them the array begins behind it.
    if (inFrame > 0)
      this.#problems.add('pickle.frame', this.reader.offset, `an array begins ${inFrame} bytes before the end of a frame`)
    return 'array'
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

  #recall(offset: number, slot: number): void {
    const value = recall(this.ledger, this.#memo, offset, slot)
    // CPython refuses this; a strict machine does as well.
    if (value === MISSING && this.#strict) this.#stack.trouble = true
    this.#stack.push(value)
  }

  /** Module and name on two lines. */
  #importLines(offset: number, opcode: string): Value {
    return importName(this.ledger, offset, opcode, this.reader.line(), this.reader.line())
  }
}
