import { renderToStaticMarkup } from 'preact-render-to-string'
import type { Report } from '../core/report.ts'
import { Page } from './html/page.tsx'

/**
 * One self-contained page: no script, no request to anywhere (its content security policy forbids both), light and dark,
 * printable. Written for a reviewer: what was tested, and how sure we are.
 */
export function renderHtml(report: Report): string {
  return `<!doctype html>\n${renderToStaticMarkup(<Page report={report} />)}\n`
}
