import { count } from '../../core/counts.ts'
import { compareData, type DataDiff, type Side } from '../../data/infer/compare.ts'
import { diffSummary } from '../../data/infer/diff.ts'
import { palette } from '../../report/text.ts'
import { textTable } from '../../report/text-table.ts'
import { printable } from '../../report/wording.ts'
import { print } from '../output.ts'
import { readingOf, type ReadingFlags } from '../reading-options.ts'
import type { Session } from '../session.ts'
import { columnsOf } from './data-infer.ts'
import { tellingPasses } from './passes.ts'

export interface DiffFlags extends ReadingFlags {
  readonly maxCategories: number
  readonly sensitive?: string
}

/** Shows what newer data would need changed in the schema of older data; 1 when something would. */
export async function diffCommand(session: Session, old: string, now: string, flags: DiffFlags): Promise<number> {
  const guess = { sensitive: columnsOf(flags.sensitive), maxCategories: flags.maxCategories }
  const signal = session.interruptible()
  const reading = readingOf(session, flags)
  const diff = await tellingPasses(session, (onPass) =>
    compareData({ cwd: session.cwd, old, now, guess, signal, onPass, reading }),
  )
  print(session, diff, () => describe(session, diff))
  return diff.changes.some(({ needsChange }) => needsChange) ? 1 : 0
}

function describe({ terminal: { out } }: Session, diff: DataDiff): string {
  const { bold, dim, fail } = palette(out.color)
  const head = `${bold(printable(diff.old.path))} ${dim(sizeOf(diff.old))} → ${bold(printable(diff.new.path))} ${dim(sizeOf(diff.new))}`
  const summary = `${head}: ${diffSummary(diff.changes)}`
  if (diff.changes.length === 0) return summary
  const rows = diff.changes.map(({ column, message, needsChange }) => [
    needsChange ? fail('✖') : dim('·'),
    bold(printable(column)),
    printable(message),
  ])
  return `${summary}\n\n${textTable(rows, { wrap: 2, width: out.width ?? 120 })}`
}

const sizeOf = ({ kind, rows }: Side): string => (kind === 'schema' ? '(schema)' : `(${count(rows ?? 0, 'row')})`)
