import { formatCount, percent } from '../../../core/counts.ts'
import { driftIn } from '../../../core/drift-document.ts'
import type { Report } from '../../../core/report.ts'
import { testView } from '../../data-details.ts'
import { DriftTest } from './column-drift.tsx'

/** Columns that the classifier hardly used say nothing. */
const LEAST_SHARE = 0.01

/** What a comparison says of the data as a whole: with what it was compared, which columns both have, whether a classifier can tell them apart. */
export function DriftOverview({ report: { details, results } }: { report: Report }) {
  const drift = driftIn(details)
  if (!drift) return null
  const { paths, rows, columns, onlyInReference, onlyInCurrent, ignored, kindChanges, separability, tests, family } = drift
  const all = tests.find(({ question }) => question === 'separability')
  const used = separability?.columns.filter(({ share }) => share >= LEAST_SHARE).slice(0, 5) ?? []
  return (
    <div class="compared">
      <h2>Against {paths.reference}</h2>
      <p>
        {formatCount(rows.current)} rows against {formatCount(rows.reference)}, {columns.length} columns that both have, {family}{' '}
        tests together.
      </p>
      {all && (
        <div class="drift">
          <DriftTest view={{ ...testView(all, results), change: CAN_TELL[all.outcome] }} />
          {used.length > 0 && (
            <div class="place">It used {used.map(({ name, share }) => `${name} ${percent(share)}`).join(' · ')}</div>
          )}
        </div>
      )}
      <Names what="Only in this data" names={onlyInCurrent} />
      <Names what="Only in the reference" names={onlyInReference} />
      <Names
        what="Of another kind"
        names={kindChanges.map(({ name, reference, current }) => `${name} (${current}, was ${reference})`)}
      />
      <Names what="Left out" names={ignored} />
    </div>
  )
}

const CAN_TELL = {
  drift: 'A classifier can tell the rows of the two apart',
  stable: 'A classifier cannot tell the rows of the two apart',
  inconclusive: 'A classifier was trained to tell the rows of the two apart',
} as const

function Names({ what, names }: { what: string; names: readonly string[] }) {
  if (names.length === 0) return null
  return (
    <p>
      {what}: {names.join(', ')}.
    </p>
  )
}
