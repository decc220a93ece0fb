import type { Verdict } from '../../core/verdict.ts'
import { SYMBOLS } from '../wording.ts'

/** A verdict as a coloured label; the word is always there, so that colour is never the only sign. */
export function Badge({ verdict }: { verdict: Verdict }) {
  return (
    <span class={`badge ${verdict}`}>
      <span aria-hidden="true">{SYMBOLS[verdict]}</span> {verdict}
    </span>
  )
}
