import { renderToStaticMarkup } from 'preact-render-to-string'
import type { Report } from '../core/report.ts'
import { drawCharts } from './charts/column-charts.ts'
import { Page } from './html/page.tsx'

/**
 * One self-contained page: no script, no request to anywhere (its content security policy forbids both), light and dark,
 * printable. Written for a reviewer: what was tested, and how sure we are.
 */
export async function renderHtml(report: Report): Promise<string> {
  const charts = await drawCharts(report)
  return `<!doctype html>\n${renderToStaticMarkup(<Page report={report} charts={charts} />)}\n`
}
