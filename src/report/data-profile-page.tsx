import { renderToStaticMarkup } from 'preact-render-to-string'
import type { DataProfile } from '../core/column-profile.ts'
import { count } from '../core/counts.ts'
import { columnCharts, type ColumnCharts } from './charts/column-charts.ts'
import { columnsOfProfile, type ColumnView } from './data-details.ts'
import { ColumnTable } from './html/data/column-table.tsx'
import { Legend } from './html/data/legend.tsx'
import { Document } from './html/document.tsx'

/** A profile as one self-contained page. Histograms of a reference are drawn over those of the current data. */
export async function renderProfileHtml(current: DataProfile, reference?: DataProfile): Promise<string> {
  const columns = columnsOfProfile(current, reference)
  const charts = new Map<string, ColumnCharts>()
  for (const column of columns) charts.set(column.name, await columnCharts(column.profile!, column.reference))
  const page = <ProfilePage current={current} reference={reference} columns={columns} charts={charts} />
  return `<!doctype html>\n${renderToStaticMarkup(page)}\n`
}

interface ProfilePageProps {
  readonly current: DataProfile
  readonly reference: DataProfile | undefined
  readonly columns: readonly ColumnView[]
  readonly charts: ReadonlyMap<string, ColumnCharts>
}

function ProfilePage({ current, reference, columns, charts }: ProfilePageProps) {
  const names = new Set(current.columns.map(({ name }) => name))
  const gone = (reference?.columns ?? []).filter(({ name }) => !names.has(name))
  return (
    <Document title={`Profile of ${current.path}`}>
      <header class="top plain">
        <h1>Profile of {current.path}</h1>
        <p class="lead">{sizeOf(current)}</p>
        {reference && (
          <p>
            Compared with {reference.path}: {sizeOf(reference)}
          </p>
        )}
      </header>
      <main>
        <section class="data">
          <Legend compared={reference !== undefined} />
          <ColumnTable columns={columns} charts={charts} />
          {gone.length > 0 && <p>Only in the reference: {gone.map(({ name }) => name).join(', ')}.</p>}
        </section>
      </main>
      <footer>
        Numbers after ≈ are estimates. Areas are in proportion to rows: ranges at the ends of a histogram may be wider than the
        others. Made by Plimsoll.
      </footer>
    </Document>
  )
}

const sizeOf = ({ format, rows, columns }: DataProfile): string =>
  `${format}, ${count(rows, 'row')}, ${count(columns.length, 'column')}`
