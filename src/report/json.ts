import type { Report } from '../core/report.ts'

/** The report itself, as the document that every other form is made from. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`
}
