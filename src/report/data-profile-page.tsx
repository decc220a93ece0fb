import { renderToStaticMarkup } from 'preact-render-to-string'
import type { ColumnProfile, DataProfile } from '../core/column-profile.ts'
import { count, percent } from '../core/counts.ts'
import { distinctText, missingText, shortText, valuesText } from './column-summary.ts'
import { histogramChart } from './histogram-chart.ts'
import { STYLE } from './html/style.ts'
import { formatNumber } from './wording.ts'

const PROFILE_STYLE = `
svg.histogram { display: block; max-width: 100% } svg .bar { fill: var(--range) } svg .outline { stroke: var(--text); stroke-width: 1.2 }
.profile td { vertical-align: top } .profile .small { font-size: .88rem; color: var(--quiet) } .profile dl { margin: 0 }
.profile td.name { overflow-wrap: anywhere }
`

/** A profile as one self-contained page: no script, no request to anywhere. Histograms of a reference are drawn over those of the current data. */
export function renderProfileHtml(current: DataProfile, reference?: DataProfile): string {
  return `<!doctype html>\n${renderToStaticMarkup(<ProfilePage current={current} reference={reference} />)}\n`
}

function ProfilePage({ current, reference }: { current: DataProfile; reference: DataProfile | undefined }) {
  const older = new Map(reference?.columns.map((column) => [column.name, column]))
  const names = new Set(current.columns.map(({ name }) => name))
  const gone = (reference?.columns ?? []).filter(({ name }) => !names.has(name))
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>{`Profile of ${current.path}`}</title>
        {/* The style is a constant of ours; nothing of the data is ever in it. */}
        <style dangerouslySetInnerHTML={{ __html: STYLE + PROFILE_STYLE }} />
      </head>
      <body>
        <header class="top">
          <h1>Profile of {current.path}</h1>
          <p class="lead">{sizeOf(current)}</p>
          {reference && (
            <p>
              Compared with {reference.path}: {sizeOf(reference)}
            </p>
          )}
        </header>
        <main>
          <table class="profile">
            <thead>
              <tr>
                <th>Column</th>
                <th>Missing</th>
                <th>Distinct</th>
                <th>Values</th>
                <th>Distribution</th>
              </tr>
            </thead>
            <tbody>
              {current.columns.map((column) => (
                <ColumnRow column={column} reference={older.get(column.name)} />
              ))}
            </tbody>
          </table>
          {gone.length > 0 && <p>Only in the reference: {gone.map(({ name }) => name).join(', ')}.</p>}
        </main>
        <footer>
          {reference && 'Bars are the current data, the line is the reference, both in shares. '}
          Numbers after ≈ are estimates. Ranges at the ends of a histogram may be wider than the others. Made by Plimsoll.
        </footer>
      </body>
    </html>
  )
}

const sizeOf = ({ format, rows, columns }: DataProfile): string =>
  `${format}, ${count(rows, 'row')}, ${count(columns.length, 'column')}`

function ColumnRow({ column, reference }: { column: ColumnProfile; reference: ColumnProfile | undefined }) {
  const both = (text: (of: ColumnProfile) => string) => (
    <>
      {text(column)}
      {reference && <div class="small">{text(reference)}</div>}
    </>
  )
  return (
    <tr>
      <td class="name">
        <b>{column.name}</b>
        <div class="small">
          {reference && reference.type !== column.type ? `${column.type}, before ${reference.type}` : column.type}
        </div>
      </td>
      <td class="number">{both(missingText)}</td>
      <td class="number">{both(distinctText)}</td>
      <td>
        {both((of) => valuesText(of))}
        <Quantiles column={column} />
      </td>
      <td>
        <Distribution column={column} reference={reference} />
      </td>
    </tr>
  )
}

function Quantiles({ column: { numbers } }: { column: ColumnProfile }) {
  if (!numbers) return null
  const shown = ['0.05', '0.25', '0.5', '0.75', '0.95'].flatMap((p) => {
    const value = numbers.quantiles[p]
    return value === undefined ? [] : [`${Number(p) * 100} %: ${formatNumber(value)}`]
  })
  return shown.length === 0 ? null : <div class="small">{shown.join(' · ')}</div>
}

function Distribution({ column, reference }: { column: ColumnProfile; reference: ColumnProfile | undefined }) {
  // The chart is ours, of numbers alone; no text of the data is in it.
  if (column.histogram)
    return <div dangerouslySetInnerHTML={{ __html: histogramChart(column.histogram, reference?.histogram) }} />
  if (!column.top || column.top[0]!.rows === 1) return null
  const before = new Map(reference?.top?.map(({ value, rows }) => [value, rows / (reference.rows - reference.missing)]))
  const present = column.rows - column.missing
  return (
    <table class="small">
      {column.top.map(({ value, rows }) => (
        <tr>
          <td>{shortText(value, 40)}</td>
          <td class="number">{percent(rows / present)}</td>
          {before.size > 0 && <td class="number">{before.has(value) ? percent(before.get(value)!) : '–'}</td>}
        </tr>
      ))}
    </table>
  )
}
