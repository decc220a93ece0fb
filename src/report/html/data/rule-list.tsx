import { formatLocation } from '../../../core/errors.ts'
import type { RuleRecord } from '../../../core/rule-record.ts'
import { SYMBOLS } from '../../wording.ts'

/** Rules with their verdicts: those that hold on one line, those that do not with what was found and where they stand. */
export function RuleList({ rules }: { rules: readonly RuleRecord[] }) {
  const holding = rules.filter(({ verdict }) => verdict === 'pass')
  const others = rules.filter(({ verdict }) => verdict !== 'pass')
  if (rules.length === 0) return null
  return (
    <ul class="rules">
      {others.map(({ verdict, expected, found, location }) => (
        <li class={verdict}>
          <Sign verdict={verdict} /> <code>{expected}</code>: {found} <span class="place">{formatLocation(location)}</span>
        </li>
      ))}
      {holding.length > 0 && (
        <li class="pass">
          <Sign verdict="pass" />{' '}
          {holding.map(({ expected }, i) => (
            <>
              {i > 0 && ' · '}
              <code>{expected}</code>
            </>
          ))}
        </li>
      )}
    </ul>
  )
}

/** The sign alone would say nothing to who does not see it. */
export function Sign({ verdict }: { verdict: RuleRecord['verdict'] }) {
  return (
    <span class="sign" title={verdict} role="img" aria-label={verdict}>
      {SYMBOLS[verdict]}
    </span>
  )
}
