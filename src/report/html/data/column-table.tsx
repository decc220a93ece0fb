import type { ColumnProfile } from '../../../core/column-profile.ts'
import { formatCount, percent } from '../../../core/counts.ts'
import type { ColumnCharts } from '../../charts/column-charts.ts'
import type { ColumnView } from '../../data-details.ts'
import { formatNumber, printable } from '../../wording.ts'
import { RuleList } from './rule-list.tsx'

/** A row for each column: what it holds, how it is distributed, what is demanded of it and what was found. */
export function ColumnTable({ columns, charts }: ColumnTableProps) {
  const described = columns.some(({ profile }) => profile)
  return (
    <table class="columns">
      <thead>
        <tr>
          <th>Column</th>
          {described && <th>Missing</th>}
          {described && <th>Values</th>}
          {described && <th>Distribution</th>}
          <th>Rules and findings</th>
        </tr>
      </thead>
      <tbody>
        {columns.map((column) => (
          <ColumnRow column={column} charts={charts?.get(column.name)} described={described} />
        ))}
      </tbody>
    </table>
  )
}

interface ColumnTableProps {
  readonly columns: readonly ColumnView[]
  readonly charts: ReadonlyMap<string, ColumnCharts> | undefined
}

function ColumnRow({ column, charts, described }: ColumnRowProps) {
  const { name, profile, rules, findings } = column
  return (
    <tr>
      <th scope="row">
        <span class="column-name">{name}</span>
        {profile && <div class="place">{profile.type}</div>}
      </th>
      {described && (
        <td>
          <Missing column={column} chart={charts?.missing} />
        </td>
      )}
      {described && <td class="values">{profile && valueLines(profile).map((line) => <div>{line}</div>)}</td>}
      {/* Drawings are ours, from numbers; the texts in them are escaped where they are drawn. */}
      {described && (
        <td class="drawing">{charts?.values !== undefined && <div dangerouslySetInnerHTML={{ __html: charts.values }} />}</td>
      )}
      <td>
        <RuleList rules={rules} />
        {findings.length > 0 && (
          <ul class="findings">
            {findings.map(({ message, severity }) => (
              <li class={severity}>{message}</li>
            ))}
          </ul>
        )}
      </td>
    </tr>
  )
}

interface ColumnRowProps {
  readonly column: ColumnView
  readonly charts: ColumnCharts | undefined
  readonly described: boolean
}

function Missing({ column: { profile, reference }, chart }: { column: ColumnView; chart: string | undefined }) {
  if (!profile) return null
  const { missing, rows } = profile
  const inReference = reference !== undefined && reference.missing > 0
  return (
    <>
      {chart !== undefined && (missing > 0 || inReference) && <div dangerouslySetInnerHTML={{ __html: chart }} />}
      <div class="place">{missing === 0 ? 'none' : `${percent(missing / rows)} (${formatCount(missing)})`}</div>
    </>
  )
}

/** What the values are, in a few words. */
function valueLines({ numbers, lengths, times, distinct, distinctIsEstimate, sensitive }: ColumnProfile): string[] {
  const different = `${distinctIsEstimate ? 'about ' : ''}${formatCount(distinct)} different`
  if (sensitive) return [different, 'values are masked']
  return [
    different,
    ...(numbers
      ? [
          `${formatNumber(numbers.min)} to ${formatNumber(numbers.max)}`,
          `mean ${formatNumber(numbers.mean)}, sd ${formatNumber(numbers.standardDeviation)}`,
        ]
      : []),
    ...(times ? [`${day(times.earliest)} to ${day(times.latest)}`] : []),
    ...(lengths && !times ? [`${lengths.min} to ${lengths.max} characters`] : []),
  ].map(printable)
}

/** To the minute; midnight is a day. */
const day = (time: string): string =>
  time
    .replace(/:\d{2}(\.\d+)?Z?$/, '')
    .replace(/T00:00$/, '')
    .replace('T', ' ')
