import type { Part } from '../examination.ts'
import { byteAt, slice, type ByteSource } from '../source.ts'
import { ImportTable, type ImportRecord } from './effects/imports.ts'
import { Storages } from './effects/torch-storages.ts'
import { PickleMachine } from './machine/machine.ts'
import { opcodeOf } from './opcodes.ts'
import { reportImports, reportProblems } from './report.ts'

/** Opcodes that are followed of bytes that are most likely not a pickle. */
const STRAY_OPCODES = 1 << 16
/** Where pickles are searched for in bytes of no known kind: so many of the first. */
const SEARCHED = 1 << 20
const MOST_STARTS = 64

/** Whether an import can be meant: in bytes that are no pickle, an opcode is followed by anything. */
export const isPlausible = (record: ImportRecord): boolean =>
  /^[A-Za-z_][\w.]*$/.test(record.module) && /^[A-Za-z_][\w.]*$/.test(record.name)

/** Follows bytes that are most likely not a pickle as one, and reports the names that loading them as one would import. */
export function followStray(source: ByteSource, part: Part): void {
  if (!opcodeOf(byteAt(source, 0))) return
  const imports = new ImportTable(part.examination.judge)
  new PickleMachine(source, 0, { imports, storages: new Storages() }).run(STRAY_OPCODES)
  reportImports(part, source, imports, isPlausible)
}

/** Searches bytes of no known kind for pickles that begin somewhere in them, and reports what these import and is known to do harm. */
export function searchPickles(source: ByteSource, start: number, part: Part): void {
  let starts = 0
  const end = Math.min(source.size, start + SEARCHED)
  const bytes = source.read(start, end - start)
  for (let at = bytes.indexOf(0x80); at >= 0 && starts < MOST_STARTS; at = bytes.indexOf(0x80, at + 1)) {
    if (!(bytes[at + 1]! >= 2 && bytes[at + 1]! <= 5)) continue
    starts++
    const imports = importsOf(slice(source, start + at, source.size), part)
    if (imports.records.some((record) => record.judgement.level === 'critical' && isPlausible(record))) {
      const from = start + at
      const inner = { ...part, base: part.base + from }
      reportImports(inner, slice(source, from, source.size), imports, (r) => isPlausible(r) && r.judgement.level === 'critical')
    }
  }
}

function importsOf(source: ByteSource, part: Part): ImportTable {
  const imports = new ImportTable(part.examination.judge)
  new PickleMachine(source, 0, { imports, storages: new Storages(), strict: true }).run(STRAY_OPCODES)
  return imports
}

/** Whether bytes are a whole pickle that imports something which is called, or known to do harm; looks at a bounded number of opcodes. */
export function isHarmfulPickle(source: ByteSource, part: Part, opcodes: number): boolean {
  const imports = new ImportTable(part.examination.judge)
  const machine = new PickleMachine(source, 0, { imports, storages: new Storages(), strict: true })
  if (machine.run(opcodes) !== 'stopped') return false
  return imports.records.some(
    (record, index) =>
      isPlausible(record) &&
      (record.judgement.level === 'critical' || (record.judgement.level !== 'allowed' && imports.callsOf(index).length > 0)),
  )
}

/**
 * joblib reads an array after its header, but `pickle.load` reads opcodes there. The bytes are followed as `pickle.load` would,
 * until it would stop; names that are imported on that way count. The pickle of an array of objects gives wrong names on
 * that way, because it counts memo slots from zero, so there only names that are known to do harm count.
 */
export function followAsPlainPickle(machine: PickleMachine, part: Part): void {
  if (!opcodeOf(byteAt(machine.reader.source, machine.reader.offset))) return
  const known = machine.ledger.imports.records.length
  const imports = machine.ledger.imports.fork()
  const stray = machine.fork(imports)
  stray.run(STRAY_OPCODES)
  part.examination.budget.opcodes(64)
  const isObjects = machine.array.kind === 'pickle'
  const indexOf = new Map(imports.records.map((record, index) => [record, index]))
  const meant = (record: ImportRecord) => {
    const index = indexOf.get(record)!
    const isNew = index >= known || imports.callsOf(index).length > 0
    return isNew && isPlausible(record) && (!isObjects || record.judgement.level === 'critical')
  }
  reportImports(part, machine.reader.source, imports, meant)
  if (isObjects) return
  const computed = stray.ledger.problems.list.filter(({ rule }) => rule === 'pickle.computed-import')
  reportProblems(part, machine.reader.source, computed)
}
