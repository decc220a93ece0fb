/** Something about the stream itself that no pickler writes, or that hides what it does. */
export interface Problem {
  readonly rule:
    | 'pickle.computed-import'
    | 'pickle.computed-call'
    | 'pickle.extension-code'
    | 'pickle.changed-class'
    | 'pickle.persistent-id'
    | 'pickle.kept-function'
    | 'pickle.special-attribute'
    | 'pickle.outside-file'
    | 'pickle.outside-buffer'
    | 'pickle.tensor-bounds'
    | 'pickle.frame'
    | 'pickle.anomaly'
    | 'pickle.unread-array'
    | 'scan.limit'
  readonly message: string
  readonly offset: number
}

const KEPT_PER_RULE = 8

/** The problems of a stream, a few of each rule: a hostile stream has millions. */
export class Problems {
  readonly list: Problem[] = []
  readonly #counts = new Map<string, number>()

  add(rule: Problem['rule'], offset: number, message: string): void {
    const count = this.#counts.get(rule) ?? 0
    this.#counts.set(rule, count + 1)
    if (count < KEPT_PER_RULE) this.list.push({ rule, message, offset })
  }

  /** Whether another problem of this rule would still be kept; saves making its message. */
  wants(rule: Problem['rule']): boolean {
    return (this.#counts.get(rule) ?? 0) < KEPT_PER_RULE
  }
}
