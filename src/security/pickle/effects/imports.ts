import type { Judgement } from '../../policy/judgement.ts'
import type { Judge } from '../../policy/policy.ts'

/** A call of an imported name that the policy does not allow. */
export interface CallRecord {
  readonly offset: number
  readonly opcode: string
  /** `("curl …", 1)`: the arguments as far as they are constant. */
  readonly argumentsText: string
  /** What a condition of an allowed name objects to. */
  readonly objection?: string
}

export interface ImportRecord {
  readonly module: string
  readonly name: string
  /** Where it is first imported. */
  readonly offset: number
  readonly opcode: string
  readonly judgement: Judgement
  /** The first of the calls that are not allowed. */
  readonly calls: CallRecord[]
  callCount: number
}

const MOST_IMPORTS = 1 << 16
const CALLS_KEPT = 8

/** Every name that a pickle imports, each once. */
export class ImportTable {
  readonly records: ImportRecord[] = []
  readonly #index = new Map<string, number>()
  readonly #judge: Judge
  /** Set when there are more names than any pickle needs; the rest are not told apart. */
  overflow = false

  constructor(judge: Judge) {
    this.#judge = judge
  }

  /** A table with the same names at the same places, in which no call has been seen. */
  fork(): ImportTable {
    const copy = new ImportTable(this.#judge)
    for (const record of this.records) copy.records.push({ ...record, calls: [], callCount: 0 })
    for (const [key, index] of this.#index) copy.#index.set(key, index)
    return copy
  }

  /** The index of a name; -1 when the table is full. */
  add(module: string, name: string, offset: number, opcode: string): number {
    const key = `${module}\0${name}`
    const known = this.#index.get(key)
    if (known !== undefined) return known
    if (this.records.length >= MOST_IMPORTS) {
      this.overflow = true
      return -1
    }
    this.records.push({ module, name, offset, opcode, judgement: this.#judge(module, name), calls: [], callCount: 0 })
    this.#index.set(key, this.records.length - 1)
    return this.records.length - 1
  }

  /** A call that is not allowed. The text of its arguments is made only when the call is kept. */
  addCall(index: number, offset: number, opcode: string, objection: string | undefined, argumentsText: () => string): void {
    const record = this.records[index]!
    record.callCount++
    if (record.calls.length >= CALLS_KEPT) return
    const text = argumentsText()
    if (record.calls.some((known) => known.argumentsText === text && known.objection === objection)) return
    record.calls.push({ offset, opcode, argumentsText: text, ...(objection !== undefined && { objection }) })
  }
}
