import { existsSync } from 'node:fs'
import { closing } from '../../core/closing.ts'
import { shortDigest } from '../../core/digest.ts'
import { UserError } from '../../core/errors.ts'
import { followChain } from '../../drivers/audit-chain.ts'
import { headOf, stateDatabase, storedEntries, type AuditEntry } from '../../drivers/audit-log.ts'
import { viewDatabase } from '../../drivers/sqlite.ts'
import { listing, print } from '../output.ts'
import type { Session } from '../session.ts'

export interface LogFlags {
  readonly head?: boolean
  readonly all?: boolean
  readonly limit: number
}

/** What a reader of the history asks for. The rest is bookkeeping, shown with `--all`. */
const TOLD =
  /^(model|alias|approval|attestation|report|deploy|rollback|test-set|log)\.|^release\.verified$|^run\.(began|finished|interrupted|resumed)$|^step\.ran$/

/** Prints the newest entries of the audit log, oldest first. */
export function logCommand(session: Session, { head, all, limit }: LogFlags): number {
  const path = stateDatabase(session.stateDir)
  const stored = existsSync(path) ? closing(viewDatabase(path), storedEntries) : []
  const last = stored.at(-1)
  if (head) {
    if (!last) throw new UserError('E_NOT_FOUND', 'There is no audit log yet', { hint: 'It begins with the first change.' })
    print(session, { seq: last.seq, hash: last.hash }, () => headOf(last))
    return 0
  }
  const { entries, problems } = followChain(stored)
  const shown = entries.filter(({ action }) => all || TOLD.test(action)).slice(-limit)
  print(session, { schemaVersion: 1, head: last ? headOf(last) : null, whole: problems.length === 0, entries: shown }, () => {
    if (shown.length === 0) return 'There is no audit log yet. It begins with the first change.'
    const broken = problems.length === 0 ? [] : [`The log is not whole: ${problems[0]!.message} See plimsoll fsck.`]
    return [listing(session, ['entry', 'when', 'what', 'of', 'by', 'details'], shown.map(row)), ...broken].join('\n\n')
  })
  return 0
}

const row = ({ seq, at, action, subject, actor, details }: AuditEntry): string[] => [
  String(seq),
  at.slice(0, 19).replace('T', ' '),
  action,
  subject,
  actor ?? '–',
  told(details),
]

/** The short values of the details. */
function told(details: AuditEntry['details']): string {
  return Object.entries(details)
    .flatMap(([name, value]) => {
      if (name === 'runId' || name === 'root') return []
      if (typeof value === 'number' || typeof value === 'boolean') return [`${name} ${value}`]
      return typeof value === 'string' ? [`${name} ${value.startsWith('sha256:') ? shortDigest(value) : value}`] : []
    })
    .join(', ')
}
