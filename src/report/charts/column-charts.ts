import { allReports, type Report } from '../../core/report.ts'
import type { ColumnProfile } from '../../core/column-profile.ts'
import { columnsOf } from '../data-details.ts'
import { categoryChart } from './category-chart.ts'
import { histogramChart } from './histogram-chart.ts'
import { missingBar } from './missing-bar.ts'

/** SVG elements of one column. */
export interface ColumnCharts {
  readonly missing: string
  /** How its values are distributed; undefined for what cannot be drawn and for masked columns. */
  readonly values?: string
}

/** By report, and by column. */
export type Charts = ReadonlyMap<Report, ReadonlyMap<string, ColumnCharts>>

/** Draws the columns of every report that describes some. */
export async function drawCharts(report: Report): Promise<Charts> {
  const charts = new Map<Report, ReadonlyMap<string, ColumnCharts>>()
  for (const each of allReports(report)) {
    const drawn = new Map<string, ColumnCharts>()
    for (const { name, profile, reference } of columnsOf(each)) {
      if (profile) drawn.set(name, await columnCharts(profile, reference))
    }
    if (drawn.size > 0) charts.set(each, drawn)
  }
  return charts
}

/** The charts of one column, beside the same column of a reference where there is one. */
export async function columnCharts(profile: ColumnProfile, reference?: ColumnProfile): Promise<ColumnCharts> {
  const { name, rows, missing } = profile
  const share = (of: ColumnProfile) => (of.rows === 0 ? 0 : of.missing / of.rows)
  const values = await valuesChart(profile, reference)
  return {
    missing: await missingBar(rows === 0 ? 0 : missing / rows, reference && share(reference), name),
    ...(values !== undefined && { values }),
  }
}

async function valuesChart(profile: ColumnProfile, reference: ColumnProfile | undefined): Promise<string | undefined> {
  const { name, kind, histogram, top, sensitive } = profile
  if (sensitive) return undefined
  if (histogram && histogram.counts.length > 0) {
    return histogramChart(histogram, reference?.histogram, { name, time: kind === 'time' })
  }
  if (!top || top.length === 0) return undefined
  const categories = ({ top: values = [], rows, missing }: ColumnProfile) => ({ values, rows: rows - missing })
  return categoryChart(categories(profile), reference?.top && categories(reference), { name })
}
