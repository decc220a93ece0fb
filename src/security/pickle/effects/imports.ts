import { presentName } from '../../policy/aliases.ts'
import type { Judgement } from '../../policy/judgement.ts'
import type { Judge } from '../../policy/policy.ts'
import { isLoader } from './loaders.ts'

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
  /** `module name` as Python 3 resolves them: names of Python 2 are those that took their place. */
  readonly present: string
  /** Where it is first imported. */
  readonly offset: number
  readonly opcode: string
  readonly judgement: Judgement
  /** It is allowed in certain calls alone, so whoever is given it could call it in others. */
  readonly guarded: boolean
  /** It loads what it is given. */
  readonly loads: boolean
}

const MOST_IMPORTS = 1 << 16
const CALLS_KEPT = 8
const NO_CALLS: readonly CallRecord[] = []

/** Every name that a pickle imports, each once, and the calls of it that are not allowed. */
export class ImportTable {
  readonly records: ImportRecord[]
  readonly #index = new Map<string, number>()
  readonly #calls = new Map<number, { kept: CallRecord[]; count: number }>()
  readonly judge: Judge
  readonly #beneath: ImportTable | undefined

  constructor(judge: Judge, beneath?: ImportTable) {
    this.judge = judge
    this.#beneath = beneath
    this.records = beneath ? [...beneath.records] : []
  }

  /** A table with the same names at the same places, in which no call has been seen. */
  fork(): ImportTable {
    return new ImportTable(this.judge, this)
  }

  /** The index of a name; -1 when there are more names than any pickle needs. */
  add(module: string, name: string, offset: number, opcode: string): number {
    const known = this.#find(`${module}\0${name}`)
    if (known !== undefined) return known
    if (this.records.length >= MOST_IMPORTS) return -1
    const judgement = this.#judgeOdd(module, name)
    const loads = judgement.loads ?? isLoader(module, name)
    const guarded = (loads || judgement.condition !== undefined) && judgement.level === 'allowed' && judgement.valueOnly !== true
    const present = (presentName(module, name) ?? [module, name]).join(' ')
    this.records.push({ module, name, present, offset, opcode, judgement, guarded, loads })
    this.#index.set(`${module}\0${name}`, this.records.length - 1)
    return this.records.length - 1
  }

  /** A call that is not allowed. The text of its arguments is made only when the call is kept. */
  addCall(index: number, offset: number, opcode: string, objection: string | undefined, argumentsText: () => string): void {
    let calls = this.#calls.get(index)
    if (!calls) this.#calls.set(index, (calls = { kept: [], count: 0 }))
    calls.count++
    if (calls.kept.length >= CALLS_KEPT) return
    const text = argumentsText()
    if (calls.kept.some((known) => known.argumentsText === text && known.objection === objection)) return
    calls.kept.push({ offset, opcode, argumentsText: text, ...(objection !== undefined && { objection }) })
  }

  /** The first calls that are not allowed, of the name at an index. */
  callsOf(index: number): readonly CallRecord[] {
    return this.#calls.get(index)?.kept ?? NO_CALLS
  }

  #find(key: string): number | undefined {
    const own = this.#index.get(key)
    return own === undefined && this.#beneath ? this.#beneath.#find(key) : own
  }

  /** Blanks around a name are part of it to Python, and the name of another file; but they do not make a dangerous name harmless. */
  #judgeOdd(module: string, name: string): Judgement {
    const judgement = this.judge(module, name)
    if (judgement.level !== 'suspicious' || (module === module.trim() && name === name.trim())) return judgement
    const bare = this.judge(module.trim(), name.trim())
    return bare.level === 'critical' ? bare : judgement
  }
}
