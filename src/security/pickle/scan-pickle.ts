import type { Part } from '../examination.ts'
import { byteAt, hasBytes, type ByteSource } from '../source.ts'
import type { NestedBytes } from './effects/ledger.ts'
import { ImportTable, type ImportRecord } from './effects/imports.ts'
import { PickleMachine, type Status } from './machine/machine.ts'
import { opcodeOf } from './opcodes.ts'
import type { Problem } from './machine/problems.ts'
import { Storages } from './effects/torch-storages.ts'

/** Opcodes between two looks at the clock. */
const SLICE = 1 << 20
/** Opcodes that are followed of bytes that are most likely not a pickle. */
const STRAY_OPCODES = 1 << 16
const MOST_PICKLES = 10_000
/** `PROTO 2, LONG1 0x1950a86a20f9469cfc6c, STOP`: how PyTorch's format before 1.6 begins. Source: `serialization.py`. */
const TORCH_MAGIC = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e]

export interface PickleScan {
  /** Where the last pickle ended. */
  readonly end: number
  /** How many pickles were read to their STOP. */
  readonly complete: number
  readonly imports: readonly ImportRecord[]
  /** Bytes that are loaded in their turn. */
  readonly nested: readonly NestedBytes[]
  readonly torchLegacy: boolean
}

interface Run {
  readonly status: Status | 'limit'
  readonly machine: PickleMachine
}

/** Reads every pickle in a source, one after the other, and reports what loading them would do. */
export async function scanPickle(source: ByteSource, part: Part, start = 0): Promise<PickleScan> {
  const { examination } = part
  const storages = new Storages()
  const imports: ImportRecord[] = []
  const nested: NestedBytes[] = []
  const torchLegacy = hasBytes(source, start, TORCH_MAGIC)
  let end = start
  let complete = 0
  for (; complete < MOST_PICKLES; complete++) {
    if (complete > 0 && (end >= source.size || (torchLegacy && complete >= 5 && isStorages(source, end, storages)))) break
    if (complete > 0 && !opcodeOf(byteAt(source, end))) break
    const { status, machine } = await runPickle(source, end, part, { imports: new ImportTable(part.examination.judge), storages })
    const at = machine.reader.offset
    // What follows a complete pickle may be no pickle at all; then only what was clearly meant counts.
    const stray = complete > 0 && status !== 'stopped' && status !== 'limit'
    const { problems, imports: table } = machine.ledger
    for (const problem of problems.list) if (!stray || problem.rule === 'pickle.computed-import') reportProblem(part, problem)
    imports.push(...(stray ? table.records.filter(isPlausible) : table.records))
    nested.push(...machine.ledger.nested)
    if (status === 'stopped') {
      end = at
      continue
    }
    if (stray) break
    end = at
    const what = status === 'truncated' ? 'the bytes end before the pickle does' : `at byte ${at - 1} stands no opcode`
    if (status !== 'limit')
      examination.report('pickle.broken', {
        message: `Not examined to its end: ${what}`,
        part,
        offset: at,
      })
    end = source.size
    break
  }
  if (end < source.size && !(torchLegacy && isStorages(source, end, storages))) {
    const message = `${source.size - end} bytes follow the end of the pickle at byte ${end}, and are not a pickle`
    examination.report('pickle.trailing-data', { message, part, offset: end })
  }
  reportImports(part, imports)
  return { end, complete, imports, nested, torchLegacy }
}

/** Runs one pickle to its STOP, stepping over joblib's arrays. */
async function runPickle(
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
      if (!budget.opcodes(SLICE) || budget.outOfTime) return limit(part, machine, 'the pickle is longer than the scan may take')
      await budget.breathe()
      continue
    }
    if (status !== 'array') return { status, machine }
    followAsPlainPickle(machine, part)
    const { array, reader } = machine
    if (array.kind === 'raw') {
      const padding = array.aligned ? 1 + Math.max(0, byteAt(source, reader.offset)) : 0
      machine.resume(Math.min(source.size, reader.offset + padding + array.bytes))
      if (reader.offset >= source.size) return { status: 'truncated', machine }
    } else if (array.kind === 'pickle' && depth < 16) {
      const inner = await runPickle(source, reader.offset, part, shared, depth + 1)
      for (const problem of inner.machine.ledger.problems.list) reportProblem(part, problem)
      machine.ledger.nested.push(...inner.machine.ledger.nested)
      if (inner.status !== 'stopped') return { status: inner.status, machine: inner.machine }
      machine.resume(inner.machine.reader.offset)
    } else {
      const why = array.kind === 'unknown' ? array.why : 'arrays are nested too deeply'
      const message = `The array that follows cannot be stepped over: ${why}`
      part.examination.report('pickle.unread-array', { message, part, offset: reader.offset })
    }
  }
}

function limit(part: Part, machine: PickleMachine, message: string): Run {
  const { offset } = machine.reader
  part.examination.report('scan.limit', { message: `Not examined to its end: ${message}`, part, offset })
  return { status: 'limit', machine }
}

/**
 * joblib reads an array after its header, but `pickle.load` reads opcodes there. The bytes are followed as `pickle.load` would,
 * until it would stop; names that are imported on that way count. The pickle of an array of objects gives wrong names on
 * that way, because it counts memo slots from zero, so there only names that are known to do harm count.
 */
function followAsPlainPickle(machine: PickleMachine, part: Part): void {
  const known = machine.ledger.imports.records.length
  const imports = machine.ledger.imports.fork()
  const stray = machine.fork(imports)
  stray.run(STRAY_OPCODES)
  part.examination.budget.opcodes(64)
  const isObjects = machine.array.kind === 'pickle'
  const meant = imports.records.filter(
    (record, index) =>
      (index >= known || record.callCount > 0) && isPlausible(record) && (!isObjects || record.judgement.level === 'critical'),
  )
  reportImports(part, meant)
  for (const problem of isObjects ? [] : stray.ledger.problems.list) {
    if (problem.rule === 'pickle.computed-import') reportProblem(part, problem)
  }
}

/** Follows bytes that are most likely not a pickle as one, and reports the names that loading them as one would import. */
export function followStray(source: ByteSource, part: Part): void {
  if (!opcodeOf(byteAt(source, 0))) return
  const imports = new ImportTable(part.examination.judge)
  new PickleMachine(source, 0, { imports, storages: new Storages() }).run(STRAY_OPCODES)
  reportImports(part, imports.records.filter(isPlausible))
}

/** Whether an import can be meant: in bytes that are no pickle, an opcode is followed by anything. */
export const isPlausible = (record: ImportRecord): boolean =>
  /^[A-Za-z_][\w.]*$/.test(record.module) && /^[A-Za-z_][\w.]*$/.test(record.name)

/** Whether exactly the raw storages of a PyTorch file of the old format follow: for each an 8-byte length, then its bytes. */
function isStorages(source: ByteSource, offset: number, storages: Storages): boolean {
  return storages.count > 0 && source.size - offset === storages.count * 8 + storages.bytes
}

function reportProblem(part: Part, problem: Problem): void {
  const { rule, message, offset } = problem
  part.examination.report(rule, { message: `At byte ${offset}, ${message}`, part, offset: offset })
}

function reportImports(part: Part, records: readonly ImportRecord[]): void {
  for (const record of records) {
    const { module, name, judgement } = record
    const full = `${module}.${name}`
    for (const call of record.calls) {
      const rule =
        judgement.level === 'allowed'
          ? 'pickle.misused-call'
          : judgement.level === 'critical'
            ? 'pickle.dangerous-call'
            : 'pickle.unknown-call'
      part.examination.report(rule, {
        message: `At byte ${call.offset}, ${call.opcode} calls ${full}${call.argumentsText}: ${call.objection ?? judgement.reason}`,
        part,
        offset: call.offset,
        evidence: { opcode: call.opcode, module, name, arguments: call.argumentsText },
      })
    }
    if (record.calls.length > 0 || judgement.level === 'allowed') continue
    part.examination.report(judgement.level === 'critical' ? 'pickle.dangerous-import' : 'pickle.unknown-import', {
      message: `At byte ${record.offset}, ${record.opcode} imports ${full}: ${judgement.reason}`,
      part,
      offset: record.offset,
      evidence: { opcode: record.opcode, module, name },
    })
  }
}
