import type { Part } from '../examination.ts'
import { byteAt, type ByteSource } from '../source.ts'
import type { ImportTable } from './effects/imports.ts'
import type { NestedBytes } from './effects/nested.ts'
import type { Storages } from './effects/torch-storages.ts'
import { PickleMachine, type Status } from './machine/machine.ts'
import { reportProblems } from './report.ts'
import { followAsPlainPickle } from './stray.ts'
import type { Value } from './values.ts'

/** Opcodes between two looks at the clock. */
const SLICE = 1 << 20
const DEEPEST_ARRAY = 16

/** What one pickle was found to do. Its problems are reported already, its imports are in the table that it was given. */
export interface Run {
  readonly status: Exclude<Status, 'running' | 'array'> | 'limit'
  /** The byte after the last opcode that was read. */
  readonly end: number
  /** What loading answers, when the status is `stopped`. */
  readonly result: Value
  readonly problems: PickleMachine['ledger']['problems']
  readonly nested: readonly NestedBytes[]
  readonly embedded: readonly number[]
}

/** Runs one pickle to its STOP, stepping over joblib's arrays. */
export async function runPickle(
  source: ByteSource,
  offset: number,
  part: Part,
  shared: { imports: ImportTable; storages: Storages },
  depth = 0,
): Promise<Run> {
  const machine = new PickleMachine(source, offset, shared)
  const { budget } = part.examination
  for (;;) {
    const status = machine.run(SLICE)
    if (status === 'running') {
      if (!budget.opcodes(SLICE) || budget.outOfTime) return limit(part, machine)
      await budget.breathe()
      continue
    }
    if (status !== 'array') return runOf(machine, status)
    followAsPlainPickle(machine, part)
    if (machine.array.kind === 'pickle' && depth < DEEPEST_ARRAY) {
      const inner = await runPickle(source, machine.reader.offset, part, shared, depth + 1)
      reportProblems(part, source, inner.problems.list)
      machine.ledger.nested.push(...inner.nested)
      machine.ledger.embedded.push(...inner.embedded)
      if (inner.status !== 'stopped') return { ...runOf(machine, 'truncated'), status: inner.status, end: inner.end }
      machine.resume(inner.end)
    } else if (!skipRawArray(machine)) {
      const why = machine.array.kind === 'unknown' ? machine.array.why : 'arrays are nested too deeply'
      const message = `The array that follows cannot be stepped over: ${why}`
      part.examination.report('pickle.unread-array', { message, part, offset: machine.reader.offset })
    } else if (machine.reader.offset >= source.size) return runOf(machine, 'truncated')
  }
}

/** Goes on behind the raw numbers of an array; false when the array is of another kind. */
export function skipRawArray(machine: PickleMachine): boolean {
  const { array, reader } = machine
  if (array.kind !== 'raw') return false
  const padding = array.aligned ? 1 + Math.max(0, byteAt(reader.source, reader.offset)) : 0
  machine.resume(Math.min(reader.size, reader.offset + padding + array.bytes))
  return true
}

function runOf(machine: PickleMachine, status: Run['status']): Run {
  const { ledger, reader, result } = machine
  return { status, end: reader.offset, result, problems: ledger.problems, nested: ledger.nested, embedded: ledger.embedded }
}

function limit(part: Part, machine: PickleMachine): Run {
  const { offset, size } = machine.reader
  const message = 'Not examined to its end: the pickle is longer than the scan may take'
  part.examination.report('scan.limit', { message, part, offset, length: size - offset })
  return runOf(machine, 'limit')
}
