import { count } from '../../../core/counts.ts'
import type { Report } from '../../../core/report.ts'
import type { ColumnCharts } from '../../charts/column-charts.ts'
import { columnsOf, rulesOfTable } from '../../data-details.ts'
import { ColumnTable } from './column-table.tsx'
import { DriftOverview } from './drift-overview.tsx'
import { FailingRows } from './failing-rows.tsx'
import { Legend } from './legend.tsx'
import { RuleList } from './rule-list.tsx'

/**
 * What a data step says of its data: the columns with their distribution and their rules, and rows that break one. Nothing for other
 * steps. Folded, it is one line in a report that has more to tell.
 */
export function DataSection({ report, charts, folded }: DataSectionProps) {
  const columns = columnsOf(report)
  if (columns.length === 0) return null
  const rules = rulesOfTable(report)
  const compared = columns.some(({ reference }) => reference)
  const hasCharts = charts !== undefined
  const body = (
    <>
      {rules.length > 0 && (
        <div class="table-rules">
          <h2>Rules on the table</h2>
          <RuleList rules={rules} />
        </div>
      )}
      <DriftOverview report={report} />
      {hasCharts && <Legend compared={compared} />}
      <ColumnTable columns={columns} charts={charts} />
      <FailingRows report={report} />
    </>
  )
  if (!folded) return <section class="data">{body}</section>
  return (
    <details class="data">
      <summary>{count(columns.length, 'column')}</summary>
      {body}
    </details>
  )
}

export interface DataSectionProps {
  readonly report: Report
  /** By column; undefined where nothing was drawn. */
  readonly charts: ReadonlyMap<string, ColumnCharts> | undefined
  readonly folded: boolean
}
