/** How bad a finding is: `high` fails, the others warn. */
export type Severity = 'high' | 'medium' | 'low'

/** One kind of thing that is unsafe in a repository. */
export interface Rule {
  /** The name of the check that looks for it, short enough for a table. */
  readonly check: string
  /** What is wrong, as a statement about what was found. */
  readonly title: string
  /** The usual severity; a finding may say another. */
  readonly severity: Severity
  /** Why it matters, in a sentence or two. */
  readonly why: string
  /** What to do, in general; a finding may have a replacement of its own. */
  readonly fix: string
  /** Who recommends it. */
  readonly source: string
}
