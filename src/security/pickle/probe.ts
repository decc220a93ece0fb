import { judge } from '../policy/policy.ts'
import { byteAt, type ByteSource } from '../source.ts'
import { ImportTable } from './effects/imports.ts'
import { PickleMachine } from './machine/machine.ts'
import { isPlausible } from './stray.ts'
import { Storages } from './effects/torch-storages.ts'

const PROBED_OPCODES = 1 << 14

/**
 * Whether bytes of unknown kind are a pickle. Nearly half of all bytes are opcodes, so more is asked of it: that it names its
 * protocol, that it reaches its STOP in order, or that it imports something before it breaks. Text is harder to tell:
 * a word list that begins with a `c` is an import to a pickle, so in text an import must be called, or known to do harm. No text
 * that people write goes on in order for thousands of opcodes, so one that does, and is named like a pickle, is one.
 */
export function looksLikePickle(source: ByteSource, isText: boolean, isNamedPickle: boolean): boolean {
  if (byteAt(source, 0) === 0x80 && byteAt(source, 1) <= 5) return true
  const imports = new ImportTable(judge)
  const machine = new PickleMachine(source, 0, { imports, storages: new Storages() })
  let status = machine.run(PROBED_OPCODES)
  while (status === 'array') status = machine.run(PROBED_OPCODES)
  const meant = imports.records.flatMap((record, index) =>
    isPlausible(record) ? [{ level: record.judgement.level, isCalled: imports.callsOf(index).length > 0 }] : [],
  )
  const inOrder = machine.ledger.problems.list.every(({ rule }) => rule !== 'pickle.anomaly')
  if (status === 'stopped' && inOrder && !isText) return machine.reader.offset > 1
  if (isText) {
    const isWhole = status === 'stopped' || (status === 'running' && isNamedPickle)
    return (isWhole && inOrder) || meant.some(({ level, isCalled }) => isCalled || level === 'critical')
  }
  return meant.length > 0 || (status === 'running' && inOrder)
}
