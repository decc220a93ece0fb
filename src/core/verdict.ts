/**
 * The outcome of a check, a step, a stage or a run.
 *
 * - `pass`: measured, and the gate says yes.
 * - `warn`: measured, worth a look, does not block.
 * - `fail`: measured, and the gate says no.
 * - `inconclusive`: measured, but the evidence is too thin to say yes or no.
 * - `error`: could not be measured.
 * - `skip`: deliberately not measured, with the reason stated.
 */
export const VERDICTS = ['pass', 'warn', 'fail', 'inconclusive', 'error', 'skip'] as const
export type Verdict = (typeof VERDICTS)[number]

/** From worst to best. `skip` is neutral: it never changes the verdict of what ran. */
const WORST_FIRST: readonly Verdict[] = ['error', 'fail', 'inconclusive', 'warn', 'pass']

/**
 * The worst of several verdicts. Nothing measured is an `error`, never a pass: an empty list, or a
 * list of skips alone, answers `error` so that a suite in which nothing ran cannot look green.
 */
export function worstOf(verdicts: Iterable<Verdict>): Verdict {
  const seen = new Set(verdicts)
  return WORST_FIRST.find((verdict) => seen.has(verdict)) ?? 'error'
}

/** What `inconclusive` does to a run: `block` on the main branch, `warn` on a pull request. */
export type InconclusivePolicy = 'block' | 'warn'

/** Whether a verdict stops what depends on it. */
export function blocks(verdict: Verdict, inconclusive: InconclusivePolicy): boolean {
  return verdict === 'fail' || verdict === 'error' || (verdict === 'inconclusive' && inconclusive === 'block')
}

export const EXIT_PASS = 0
export const EXIT_GATE_FAILED = 1
export const EXIT_COULD_NOT_DECIDE = 2

/** The process exit code of a verdict: 0 pass (warnings allowed), 1 a gate said no, 2 could not decide. */
export function exitCode(verdict: Verdict, inconclusive: InconclusivePolicy): number {
  if (verdict === 'error') return EXIT_COULD_NOT_DECIDE
  return blocks(verdict, inconclusive) ? EXIT_GATE_FAILED : EXIT_PASS
}
