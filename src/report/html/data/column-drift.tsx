import type { ColumnDriftRecord } from '../../../core/drift-document.ts'
import type { ColumnDriftView, DriftTestView } from '../../data-details.ts'
import { formatEffect, formatP, shortNumber } from '../../drift-wording.ts'
import { Sign } from './rule-list.tsx'

/** How a column differs from the reference: each test with its effect and its p-value, and the other measures in small. */
export function ColumnDrift({ drift: { measures, tests } }: { drift: ColumnDriftView }) {
  const shown = tests.filter(isWorthALine)
  const others = otherMeasures(measures)
  const why = notCompared(measures)
  return (
    <div class="drift">
      {shown.map((each) => (
        <DriftTest view={each} />
      ))}
      {why !== undefined && <div class="place">{why}</div>}
      {others.length > 0 && <div class="place">{others.join(' · ')}</div>}
    </div>
  )
}

/** That nothing is missing, and nothing is new, goes without saying. */
function isWorthALine({ test, verdict, change }: DriftTestView): boolean {
  return test.question === 'values' || verdict !== 'pass' || change !== undefined
}

export function DriftTest({ view: { test, verdict, change } }: { view: DriftTestView }) {
  const numbers = `${formatEffect(test)}, limit ${shortNumber(test.limit)}, adjusted ${formatP(test.adjustedPValue)}`
  return (
    <div class={verdict}>
      <Sign verdict={verdict} /> {change !== undefined && <span class="change">{change}. </span>}
      {verdict === 'inconclusive' && 'Too few rows to tell. '}
      {verdict === 'pass' && change !== undefined && 'A real difference, below the limit. '}
      <span class={change === undefined ? '' : 'place'}>{numbers}</span>
    </div>
  )
}

/** The measures that decide nothing. */
function otherMeasures({ numbers, categories, isMasked }: ColumnDriftRecord): string[] {
  if (numbers) {
    const { psi, jensenShannon, wasserstein, wassersteinInDeviations } = numbers
    const inDeviations = wassersteinInDeviations === null ? '' : ` (${shortNumber(wassersteinInDeviations)} sd)`
    return [
      `PSI ${shortNumber(psi)}`,
      `JS ${shortNumber(jensenShannon)}`,
      ...(wasserstein === null || isMasked ? [] : [`Wasserstein ${shortNumber(wasserstein)}${inDeviations}`]),
    ]
  }
  if (!categories) return []
  const { psi, statistic, degrees, cramersV } = categories
  return [`PSI ${shortNumber(psi)}`, `χ² ${shortNumber(statistic)} (${degrees} df)`, `Cramér's V ${shortNumber(cramersV)}`]
}

function notCompared({ comparison, numbers }: ColumnDriftRecord): string | undefined {
  if (comparison === 'times') return 'Times are not compared: time moves on.'
  if (comparison === 'identifier') return 'Not compared: its numbers count the rows.'
  if (comparison === 'presence') return 'Only compared by what is missing.'
  return comparison === 'lengths' && numbers ? 'Compared by the length of its texts.' : undefined
}
