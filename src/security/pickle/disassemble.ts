import type { Judge } from '../policy/policy.ts'
import { byteAt, type ByteSource } from '../source.ts'
import { argumentText } from './argument-text.ts'
import { describeValue } from './effects/describe.ts'
import { ImportTable } from './effects/imports.ts'
import { Storages } from './effects/torch-storages.ts'
import { PickleMachine, type Status } from './machine/machine.ts'
import { opcodeName, opcodeOf } from './opcodes.ts'
import { skipRawArray } from './run-pickle.ts'
import { Kind, kindOf } from './values.ts'

export interface DisassembledLine {
  readonly offset: number
  /** `REDUCE`; `ARRAY` for raw numbers that joblib reads between opcodes, `0xff` for a byte that is no opcode. */
  readonly opcode: string
  /** Short: control characters are escaped, long texts are cut, bytes are told by their number. */
  readonly argument: string
  /** Values on the stack after the opcode. */
  readonly depth: number
  /** The memo slot that the opcode writes; undefined for others. */
  readonly memo: number | undefined
  /** What the scanner knows of the opcode: `calls posix.system("true")`. Empty when there is nothing to say. */
  readonly note: string
}

/** Opcodes that follow each other. */
export interface Excerpt {
  /** Where the pickle that they belong to begins. */
  readonly start: number
  readonly lines: readonly DisassembledLine[]
}

export interface DisassembleOptions {
  /** Offsets of what is to be seen: the opcode at each, or the one that covers it, and those around it. */
  readonly around: readonly number[]
  /** Where pickles begin that do not follow another one; the start of the source when not given. */
  readonly starts?: readonly number[]
  readonly judge: Judge
  /** Opcodes shown before each; 6 when not given. */
  readonly before?: number
  /** Opcodes shown after each; 3 when not given. */
  readonly after?: number
}

/**
 * The opcodes around some offsets, as the machine that judges them understands them. Pickles that follow each other are followed, and
 * arrays of joblib are stepped over. Memory is bounded by the number of offsets, whatever the size of the source; it is read twice.
 */
export function disassemble(source: ByteSource, options: DisassembleOptions): Excerpt[] {
  const wanted = wantedOffsets(source, options)
  const excerpts: { start: number; lines: DisassembledLine[]; next: number }[] = []
  let index = 0
  walk(source, options, (step) => {
    const position = index++
    if (!wanted.has(position)) return
    const line = lineOf(source, step)
    const last = excerpts.at(-1)
    if (last && last.next === position && last.start === step.start) {
      last.lines.push(line)
      last.next++
    } else excerpts.push({ start: step.start, lines: [line], next: position + 1 })
  })
  return excerpts.map(({ start, lines }) => ({ start, lines }))
}

/** Positions, counted in opcodes, of those that are to be shown. */
function wantedOffsets(source: ByteSource, options: DisassembleOptions): Set<number> {
  const { around, before = 6, after = 3 } = options
  const offsets = around.toSorted((a, b) => a - b)
  const wanted = new Set<number>()
  let next = 0
  let index = 0
  walk(source, options, ({ end }) => {
    const position = index++
    if (next >= offsets.length || offsets[next]! >= end) return
    while (next < offsets.length && offsets[next]! < end) next++
    for (let at = Math.max(0, position - before); at <= position + after; at++) wanted.add(at)
  })
  // What was found at the very end belongs to the last opcode.
  if (next < offsets.length) for (let at = Math.max(0, index - 1 - before); at < index; at++) wanted.add(at)
  return wanted
}

/** One opcode that was executed, or an array that was stepped over. */
interface Step {
  readonly start: number
  readonly offset: number
  readonly end: number
  readonly machine: PickleMachine
  readonly status: Status
  readonly isArray: boolean
  readonly memoBefore: number
  readonly problemsBefore: number
}

function walk(source: ByteSource, { starts = [0], judge }: DisassembleOptions, visit: (step: Step) => void): void {
  for (const start of starts) {
    const limit = starts.find((other) => other > start) ?? source.size
    const storages = new Storages()
    let at = start
    while (at < limit && (at === start || opcodeOf(byteAt(source, at)))) {
      const end = walkPickle(new PickleMachine(source, at, { imports: new ImportTable(judge), storages }), at, visit)
      if (end === undefined) break
      at = end
    }
  }
}

/** Answers where the pickle ends, or undefined when it does not. */
function walkPickle(machine: PickleMachine, start: number, visit: (step: Step) => void): number | undefined {
  const { reader, ledger } = machine
  for (;;) {
    const offset = reader.offset
    const memoBefore = machine.memoSize
    const problemsBefore = ledger.problems.list.length
    if (offset >= reader.size) return undefined
    const status = machine.run(1)
    const step = { start, offset, machine, status, memoBefore, problemsBefore }
    visit({ ...step, end: reader.offset, isArray: false })
    if (status === 'stopped') return reader.offset
    if (status === 'truncated' || status === 'broken') return undefined
    if (status !== 'array') continue
    const arrayStart = reader.offset
    if (machine.array.kind === 'pickle') {
      const inner = new PickleMachine(reader.source, arrayStart, { imports: ledger.imports, storages: ledger.storages })
      const end = walkPickle(inner, arrayStart, visit)
      if (end === undefined) return undefined
      machine.resume(end)
    } else if (skipRawArray(machine)) {
      visit({ ...step, offset: arrayStart, end: reader.offset, isArray: true })
    }
  }
}

const SAYS_IMPORT = new Set(['GLOBAL', 'STACK_GLOBAL'])
const SAYS_CALL = new Set(['REDUCE', 'NEWOBJ', 'NEWOBJ_EX', 'INST', 'OBJ'])
const SAYS_VALUE = new Set(['GET', 'BINGET', 'LONG_BINGET', 'DUP', 'BINPERSID'])
const WRITES_MEMO = /^(PUT|BINPUT|LONG_BINPUT|MEMOIZE)$/

function lineOf(source: ByteSource, step: Step): DisassembledLine {
  const { offset, end, machine } = step
  if (step.isArray) {
    return {
      offset,
      opcode: 'ARRAY',
      argument: `${end - offset} bytes`,
      depth: machine.depth,
      memo: undefined,
      note: 'numbers of an array',
    }
  }
  const opcode = opcodeName(byteAt(source, offset))
  const argument = opcodeOf(byteAt(source, offset)) ? argumentText(source, offset) : ''
  const memo = !WRITES_MEMO.test(opcode) ? undefined : opcode === 'MEMOIZE' ? step.memoBefore : Number(argument)
  return { offset, opcode, argument, depth: machine.depth, memo, note: noteOf(opcode, step) }
}

function noteOf(opcode: string, { machine, status, problemsBefore }: Step): string {
  const { ledger, top } = machine
  const notes: string[] = []
  if (status === 'broken') notes.push('no opcode: loading stops here')
  if (status === 'truncated') notes.push('the bytes end here')
  if (SAYS_IMPORT.has(opcode) && kindOf(top) === Kind.import) notes.push(`imports ${describeValue(ledger, top)}`)
  if (SAYS_CALL.has(opcode)) notes.push(`calls ${describeValue(ledger, top)}`)
  if (SAYS_VALUE.has(opcode)) notes.push(describeValue(ledger, top))
  for (const { message } of ledger.problems.list.slice(problemsBefore)) notes.push(message)
  return notes.join('; ')
}
