import type { ColumnProfile } from '../../../core/column-profile.ts'
import { formatCount, percent } from '../../../core/counts.ts'
import type { ColumnCharts } from '../../charts/column-charts.ts'
import { describeValues } from '../../column-summary.ts'
import type { ColumnView } from '../../data-details.ts'
import { ColumnDrift } from './column-drift.tsx'
import { RuleList } from './rule-list.tsx'

/** A row for each column: what it holds, how it is distributed, what is demanded of it and what was found. */
export function ColumnTable({ columns, charts }: ColumnTableProps) {
  const described = columns.some(({ profile }) => profile)
  const notes = notesOf(columns)
  return (
    <table class="columns">
      <thead>
        <tr>
          <th>Column</th>
          {described && <th>Missing</th>}
          {described && <th>Values</th>}
          {described && <th>Distribution</th>}
          {notes && <th>{notes}</th>}
        </tr>
      </thead>
      <tbody>
        {columns.map((column) => (
          <ColumnRow column={column} charts={charts?.get(column.name)} described={described} noted={notes !== undefined} />
        ))}
      </tbody>
    </table>
  )
}

interface ColumnTableProps {
  readonly columns: readonly ColumnView[]
  readonly charts: ReadonlyMap<string, ColumnCharts> | undefined
}

/** The name of the last column; none where nothing was judged. */
function notesOf(columns: readonly ColumnView[]): string | undefined {
  if (columns.some(({ rules }) => rules.length > 0)) return 'Rules and findings'
  if (columns.some(({ drift }) => drift)) return 'Drift and findings'
  return columns.some(({ findings }) => findings.length > 0) ? 'Findings' : undefined
}

function ColumnRow({ column, charts, described, noted }: ColumnRowProps) {
  const { name, profile, reference, drift, rules, findings } = column
  return (
    <tr>
      <th scope="row">
        <span class="column-name">{name}</span>
        {profile && (
          <div class="place">
            {reference && reference.type !== profile.type ? `${profile.type}, was ${reference.type}` : profile.type}
          </div>
        )}
      </th>
      {described && (
        <td class="gaps">
          <Missing column={column} chart={charts?.missing} />
        </td>
      )}
      {described && <td class="values">{profile && <Values profile={profile} reference={reference} />}</td>}
      {/* Drawings are ours, from numbers; the texts in them are escaped where they are drawn. */}
      {described && (
        <td class="drawing">{charts?.values !== undefined && <div dangerouslySetInnerHTML={{ __html: charts.values }} />}</td>
      )}
      {noted && (
        <td class="notes">
          <RuleList rules={rules} />
          {drift && <ColumnDrift drift={drift} />}
          {findings.length > 0 && (
            <ul class="findings">
              {findings.map(({ message, severity }) => (
                <li class={severity}>{message}</li>
              ))}
            </ul>
          )}
        </td>
      )}
    </tr>
  )
}

interface ColumnRowProps {
  readonly column: ColumnView
  readonly charts: ColumnCharts | undefined
  readonly described: boolean
  readonly noted: boolean
}

function Missing({ column: { profile, reference }, chart }: { column: ColumnView; chart: string | undefined }) {
  if (!profile) return null
  const { missing } = profile
  const inReference = reference !== undefined && reference.missing > 0
  return (
    <>
      {chart !== undefined && (missing > 0 || inReference) && <div dangerouslySetInnerHTML={{ __html: chart }} />}
      <div class="place">{missing === 0 ? 'none missing' : `${shareMissing(profile)} (${formatCount(missing)})`}</div>
      {reference && (missing > 0 || inReference) && <div class="place">was {shareMissing(reference)}</div>}
    </>
  )
}

const shareMissing = ({ missing, rows }: ColumnProfile): string => percent(rows === 0 ? 0 : missing / rows)

/** What the values are, in a few words, and what those of the reference were where they differ. */
function Values({ profile, reference }: { profile: ColumnProfile; reference: ColumnProfile | undefined }) {
  const lines = describeValues(profile)
  const before = reference && !profile.sensitive ? describeValues(reference).filter((line) => !lines.includes(line)) : []
  return (
    <>
      {lines.map((line) => (
        <div>{line}</div>
      ))}
      {before.length > 0 && <div class="before">was {before.join(', ')}</div>}
    </>
  )
}
