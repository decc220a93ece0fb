import { join } from 'node:path'
import type { Report } from '../core/report.ts'
import { writeFileAtomic } from '../drivers/files.ts'
import { renderHtml } from '../report/html.tsx'
import { renderJson } from '../report/json.ts'
import { renderJunit } from '../report/junit.ts'
import { renderMarkdown } from '../report/markdown.ts'

const RENDERERS: Readonly<Record<string, (report: Report) => string | Promise<string>>> = {
  'results/report.json': renderJson,
  'results/report.html': renderHtml,
  'results/report.md': (report) => renderMarkdown(report),
  'results/junit.xml': renderJunit,
}

/** Relative to the project's folder. */
export const REPORT_FILES: readonly string[] = Object.keys(RENDERERS)

/** Writes the report of a run in every form that is a file. */
export async function writeReports(root: string, report: Report): Promise<void> {
  await Promise.all(
    Object.entries(RENDERERS).map(async ([path, render]) => writeFileAtomic(join(root, path), await render(report))),
  )
}
