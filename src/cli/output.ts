import type { Report } from '../core/report.ts'
import { exitCode, type InconclusivePolicy } from '../core/verdict.ts'
import { textTable } from '../report/text-table.ts'
import { palette, renderText } from '../report/text.ts'
import { printable } from '../report/wording.ts'
import type { Session } from './session.ts'

/** Writes a report to standard output, as text or with `--json` as the document, and answers its exit code. */
export function printReport(
  { terminal: { out }, json, verbose }: Session,
  report: Report,
  inconclusive: InconclusivePolicy,
): number {
  if (json) out.write(`${JSON.stringify(report, null, 2)}\n`)
  else out.write(renderText(report, { color: out.color, verbose, ...(out.width !== undefined && { width: out.width }) }))
  return exitCode(report.verdict, inconclusive)
}

/** Writes any value: with `--json` as JSON, else as the text that `text` makes of it. */
export function print<T>({ terminal: { out }, json }: Session, value: T, text: (value: T) => string): void {
  out.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${text(value).trimEnd()}\n`)
}

/** A table with a header, for lists. */
export function listing({ terminal: { out } }: Session, header: readonly string[], rows: readonly (readonly string[])[]): string {
  const { dim } = palette(out.color)
  return textTable([header.map((cell) => dim(cell)), ...rows.map((row) => row.map(printable))])
}

/** `2026-03-04 12:30`, UTC. */
export const minute = (iso: string): string => iso.slice(0, 16).replace('T', ' ')
