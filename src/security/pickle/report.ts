import type { Part } from '../examination.ts'
import { byteAt, type ByteSource } from '../source.ts'
import type { ImportRecord, ImportTable } from './effects/imports.ts'
import { lengthOfOpcode } from './literals.ts'
import type { Problem } from './machine/problems.ts'
import { opcodeName } from './opcodes.ts'

/** Reports what is wrong with the stream itself. */
export function reportProblems(part: Part, source: ByteSource, problems: readonly Problem[]): void {
  for (const { rule, message, offset } of problems) {
    part.examination.report(rule, {
      message: `At byte ${part.base + offset}, ${message}`,
      part,
      offset,
      length: lengthOfOpcode(source, offset),
      evidence: { opcode: opcodeName(byteAt(source, offset)) },
    })
  }
}

/** Reports the imports that the policy does not allow, and the calls of them: what is known to do harm first, because only so many findings are kept. */
export function reportImports(
  part: Part,
  source: ByteSource,
  table: ImportTable,
  wanted: (record: ImportRecord) => boolean = () => true,
): void {
  const { records } = table
  const order = records.map((_record, index) => index).filter((index) => wanted(records[index]!))
  const critical = (index: number) => records[index]!.judgement.level === 'critical'
  for (const index of [...order.filter(critical), ...order.filter((i) => !critical(i))]) reportImport(part, source, table, index)
}

function reportImport(part: Part, source: ByteSource, table: ImportTable, index: number): void {
  const { examination } = part
  const { module, name, judgement, offset, opcode } = table.records[index]!
  const full = nameOf(module, name)
  const calls = table.callsOf(index)
  for (const call of calls) {
    const rule = CALL_RULE[judgement.level]
    examination.report(rule, {
      message: `At byte ${part.base + call.offset}, ${call.opcode} calls ${full}${call.argumentsText}: ${call.objection ?? judgement.reason}`,
      part,
      offset: call.offset,
      length: lengthOfOpcode(source, call.offset),
      evidence: { opcode: call.opcode, module, name, arguments: call.argumentsText },
    })
  }
  if (examination.level === 'strict') {
    examination.report('pickle.import-at-strict', {
      message: `At byte ${part.base + offset}, ${opcode} imports ${full}: at the level strict, a model is data and imports nothing`,
      part,
      offset,
      length: lengthOfOpcode(source, offset),
      evidence: { opcode, module, name },
    })
  }
  if (calls.length > 0 || judgement.level === 'allowed') return
  examination.report(judgement.level === 'critical' ? 'pickle.dangerous-import' : 'pickle.unknown-import', {
    message: `At byte ${part.base + offset}, ${opcode} imports ${full}: ${judgement.reason}`,
    part,
    offset,
    length: lengthOfOpcode(source, offset),
    evidence: { opcode, module, name },
  })
}

const CALL_RULE = {
  allowed: 'pickle.misused-call',
  critical: 'pickle.dangerous-call',
  suspicious: 'pickle.unknown-call',
} as const

/** `os.system`; what is not written as a name is quoted, so that it cannot be taken for another one. */
function nameOf(module: string, name: string): string {
  const full = `${module}.${name}`
  return /^[\w.<>]+$/.test(full) ? full : `${JSON.stringify(module)}.${JSON.stringify(name)}`.replace(ODD, escaped)
}

const ODD = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g
const escaped = (odd: string): string => `\\u${odd.charCodeAt(0).toString(16).padStart(4, '0')}`
