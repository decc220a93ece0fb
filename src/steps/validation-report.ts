import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { UserError } from '../core/errors.ts'
import type { Report } from '../core/report.ts'
import type { Resource } from '../core/step.ts'
import { statIfExists, writeFileAtomic } from '../drivers/files.ts'

/** Where validate-schema and check-data-quality leave what they found. */
export const VALIDATION_FILE = 'results/validation.json'

/** The file as what a step writes: it holds times, so a new one with the same findings makes nothing after it stale. */
export const validationFile = (path: string): Resource => ({ kind: 'file', path, volatile: true })

/** The content of `results/validation.json`: the last report of each step that writes there. */
export interface ValidationFile {
  readonly schemaVersion: 1
  readonly reports: Readonly<Record<string, Report>>
}

/**
 * Puts a step's report into the validation file, beside those of the other steps. A reader, or a crash, sees the old file or
 * the new one.
 *
 * @throws UserError E_CONFLICT when something else stands at that path
 */
export async function writeValidationReport(cwd: string, path: string, report: Report): Promise<void> {
  const before = await readIfExists(cwd, path)
  const merged: ValidationFile = { schemaVersion: 1, reports: { ...before?.reports, [report.name]: report } }
  await writeFileAtomic(resolve(cwd, path), `${JSON.stringify(merged, null, 2)}\n`)
}

/** Writes the page of one data step: its columns, its rules and the rows that break them. @throws UserError E_FILE_WRITE */
export async function writeValidationPage(cwd: string, path: string, report: Report): Promise<void> {
  // What draws the charts is large, and few runs ask for a page.
  const { renderHtml } = await import('../report/html.tsx')
  await writeFileAtomic(resolve(cwd, path), await renderHtml(report))
}

/** The last report of each data step; none when there is no such file. @throws UserError E_CONFLICT when it is something else */
export async function readValidationReports(cwd: string): Promise<Report[]> {
  return Object.values((await readIfExists(cwd, VALIDATION_FILE))?.reports ?? {})
}

async function readIfExists(cwd: string, path: string): Promise<ValidationFile | undefined> {
  const absolute = resolve(cwd, path)
  const found = await statIfExists(absolute)
  if (!found) return undefined
  return parse(found.isFile() ? await readFile(absolute, 'utf8') : '', path)
}

function parse(text: string, path: string): ValidationFile {
  try {
    const value = JSON.parse(text) as Partial<ValidationFile> | null
    if (value?.schemaVersion === 1 && typeof value.reports === 'object') return value as ValidationFile
  } catch {
    // Not JSON: as little ours as JSON of another shape.
  }
  throw new UserError('E_CONFLICT', `${path} exists and is not a validation report`, {
    hint: 'Name another file with --output, or remove this one.',
    location: { file: path },
  })
}
