import { resolve } from 'node:path'
import { count } from '../../core/counts.ts'
import type { AuditEntry, WrittenFiles } from '../../drivers/audit-log.ts'
import { digestFile, displayPath, statIfExists } from '../../drivers/files.ts'
import type { Examination } from './examination.ts'

interface Left {
  readonly seq: number
  readonly source: string
  /** More than one when several steps of a run write the same file: which of them was last is not in the order of the log. */
  readonly digests: Set<string>
}

/** The files that steps and runs have left, against the digests that the log has of them. */
export const examineResults: Examination = {
  id: 'results',
  title: 'Each result file is what was written',
  async examine({ root, entries, signal }) {
    const left = lastWritten(entries)
    const unfinished = unfinishedRun(entries)
    const [problems, missing, remarks]: [string[], string[], string[]] = [[], [], []]
    for (const [path, { digests, seq, source }] of left) {
      signal.throwIfAborted()
      const shown = displayPath(root, path)
      const found = await statIfExists(path)
      if (!found?.isFile()) missing.push(`${shown} is gone (entry ${seq} of the log).`)
      else if (!digests.has(await digestFile(path))) {
        const message = `${shown} was changed since it was written: it is not what entry ${seq} of the log says.`
        if (unfinished !== undefined && unfinished !== source)
          remarks.push(`${message} ${unfinished} has not ended, and may be why.`)
        else problems.push(message)
      }
    }
    return { looked: `${count(left.size, 'file')} hashed`, problems, missing, remarks }
  },
}

/** What was left last at each path, by absolute path. */
function lastWritten(entries: readonly AuditEntry[]): Map<string, Left> {
  const left = new Map<string, Left>()
  for (const { seq, actor, action, details } of entries) {
    const { root, files } = details as Partial<WrittenFiles>
    if (root === undefined || files === undefined) continue
    const source = action === 'step.ran' ? `step ${seq}` : (actor ?? `entry ${seq}`)
    for (const [path, digest] of Object.entries(files)) {
      const absolute = resolve(root, path)
      const before = left.get(absolute)
      if (before?.source === source) before.digests.add(digest)
      left.set(absolute, { seq, source, digests: before?.source === source ? before.digests : new Set([digest]) })
    }
  }
  return left
}

/** `run ID` of the run that began or was taken up last, when it has not ended: it may have written what is not in the log yet. */
function unfinishedRun(entries: readonly AuditEntry[]): string | undefined {
  const last = entries.findLast(({ action }) => /^run\.(began|resumed|finished|interrupted)$/.test(action))
  return last && last.action !== 'run.finished' ? last.subject : undefined
}
