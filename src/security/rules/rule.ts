/** One kind of finding: how bad it is, why, and what to do about it. */
export interface Rule {
  readonly title: string
  /**
   * - `dangerous`: the file is, or hides, something that does harm.
   * - `suspicious`: nothing known to do harm, but no model needs it, or nothing is known of it.
   * - `unexamined`: a part could not be looked at, so nothing can be said of it.
   * - `note`: worth knowing; the file may pass.
   */
  readonly kind: 'dangerous' | 'suspicious' | 'unexamined' | 'note'
  readonly severity: 'error' | 'warning' | 'note'
  /** Why it matters, in a sentence or two, for the reference and for SARIF. */
  readonly why: string
  /** What the reader can do. */
  readonly fix: string
}

type Words = Pick<Rule, 'why' | 'fix'>

export const dangerous = (title: string, words: Words): Rule => ({ title, kind: 'dangerous', severity: 'error', ...words })
export const suspicious = (title: string, words: Words): Rule => ({ title, kind: 'suspicious', severity: 'warning', ...words })
export const unexamined = (title: string, words: Words): Rule => ({ title, kind: 'unexamined', severity: 'warning', ...words })
export const note = (title: string, words: Words): Rule => ({ title, kind: 'note', severity: 'note', ...words })
