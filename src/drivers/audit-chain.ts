import { stableJson } from '../core/digest.ts'
import { entryHash, headOf, type AuditEntry, type StoredEntry } from './audit-log.ts'

/** What a look at the chain has found. */
export interface Chain {
  /** Entries that can be read, also those that do not fit. */
  readonly entries: readonly AuditEntry[]
  /** One sentence for each place where the chain does not hold. */
  readonly problems: readonly { readonly seq: number; readonly message: string }[]
}

/** Follows the chain from its first entry: numbers without a gap, each hash that of its entry, each entry naming the hash before it. */
export function followChain(stored: readonly StoredEntry[]): Chain {
  const entries: AuditEntry[] = []
  const problems: { seq: number; message: string }[] = []
  let before: { seq: number; hash: string } | undefined
  for (const row of stored) {
    const { seq } = row
    const expected = (before?.seq ?? 0) + 1
    if (seq !== expected) {
      const missing = seq - expected === 1 ? `entry ${expected} is` : `entries ${expected} to ${seq - 1} are`
      problems.push({ seq, message: `Before entry ${seq}, ${missing} missing.` })
    } else if (row.previous !== (before?.hash ?? null)) {
      problems.push({ seq, message: `Entry ${seq} does not follow entry ${seq - 1}: one of them was replaced.` })
    }
    const entry = parsed(row)
    if (!entry || entryHash(entry) !== row.hash) {
      problems.push({
        seq,
        message: `Entry ${seq} (${row.action}, ${row.subject}) was changed: its hash is not that of its content.`,
      })
    }
    if (entry) entries.push(entry)
    before = row
  }
  return { entries, problems }
}

function parsed(row: StoredEntry): AuditEntry | undefined {
  try {
    const details = JSON.parse(row.details) as AuditEntry['details']
    const rows = JSON.parse(row.rows) as AuditEntry['rows']
    const isCanonical = stableJson(details) === row.details && stableJson(rows) === row.rows
    return isCanonical && typeof details === 'object' && details !== null && Array.isArray(rows)
      ? { ...row, details, rows }
      : undefined
  } catch {
    return undefined
  }
}

/** Whether the log still goes through an entry that somebody has kept as `SEQ:HASH`; a sentence when it does not. */
export function missesHead(stored: readonly StoredEntry[], head: string): string | undefined {
  const seq = Number(head.split(':')[0])
  const found = stored.find((entry) => entry.seq === seq)
  if (found && headOf(found) === head) return undefined
  return found
    ? `The log was rewritten: its entry ${seq} is not the one that was kept.`
    : `The log was cut or replaced: the kept head is its entry ${seq}, and the log ends at ${stored.at(-1)?.seq ?? 0}.`
}
