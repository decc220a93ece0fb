import type { Kind } from '../pickle/values.ts'

/** How an imported name is judged. */
export interface Judgement {
  /** `allowed`: frameworks need it to restore a model. `critical`: known to do harm. `suspicious`: on no list. */
  readonly level: 'allowed' | 'suspicious' | 'critical'
  readonly reason: string
  /** What a call of it must look like to be allowed; without it every call is. */
  readonly condition?: Condition
  /** What the state must look like that BUILD gives to an object of it; without it every state is allowed. */
  readonly state?: StateCondition
  /** Others may be given the name: a class, or a function that is only referred to. */
  readonly valueOnly?: boolean
  /** Whether it hands what it is given to a loader, where a review has found out; otherwise its name has to tell. */
  readonly loads?: boolean
}

/** What a condition sees of a call. */
export interface CallView {
  /** REDUCE calls; NEWOBJ, NEWOBJ_EX, INST and OBJ make an object of a class, and without arguments do so without its constructor. */
  readonly opcode: string
  /** Number of positional arguments; undefined when it is not known, or when there are keywords. */
  readonly count: number | undefined
  kind(index: number): Kind
  /** The imported name whose call answered the argument, as `module name`. */
  producer(index: number): string | undefined
  /** The string constant at this place. */
  text(index: number): string | undefined
  /** Whether the argument is an imported name that is allowed, and that others may be given. */
  isAllowedImport(index: number): boolean
  /** The imported name at this place, as `module name`. */
  importedName(index: number): string | undefined
}

/** Says what is wrong with a call, or undefined when it is allowed. An argument that is not known is wrong. */
export type Condition = (call: CallView) => string | undefined

/** What a condition sees of the state that BUILD gives to an object. */
export interface StateView {
  /** Whether it is a dict that is known as a whole, with texts as its keys. */
  readonly isKnownDict: boolean
  has(key: string): boolean
  /** The string constant under a key. */
  text(key: string): string | undefined
}

/** Says what is wrong with a state, or undefined when it is allowed. */
export type StateCondition = (state: StateView) => string | undefined
