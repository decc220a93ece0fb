import { compareRows } from '../../drivers/vouched-rows.ts'
import { followChain, missesHead } from '../../drivers/audit-chain.ts'
import { headOf } from '../../drivers/audit-log.ts'
import { count, formatCount } from '../../core/counts.ts'
import { TEST_SET_TABLES } from '../../model/ledger/ledger.ts'
import { PIPELINE_TABLES } from '../../pipeline/state.ts'
import { REGISTRY_TABLES } from '../../registry/registry.ts'
import { RELEASE_TABLES } from '../../release/records.ts'
import { SIGNING_TABLES } from '../../signing/store.ts'
import type { Examination } from './examination.ts'

/** @param head an end of the log that was kept elsewhere, `SEQ:HASH` */
export const examineLog = (head: string | undefined): Examination => ({
  id: 'log',
  title: 'The audit log is an unbroken chain',
  examine({ stored }) {
    const missed = head === undefined ? undefined : missesHead(stored, head)
    const problems = [...followChain(stored).problems.map(({ message }) => message), ...(missed === undefined ? [] : [missed])]
    const last = stored.at(-1)
    if (!last) {
      return { looked: 'There is no audit log yet', problems, remarks: ['It begins with the next change.'] }
    }
    return {
      looked: `${formatCount(stored.length)} ${stored.length === 1 ? 'entry' : 'entries'}`,
      problems,
      remarks: [
        `The log ends at ${headOf(last)}.`,
        ...(head === undefined
          ? ['Keep this elsewhere and give it as --head: only so is it seen when the whole log is rewritten.']
          : []),
      ],
    }
  },
})

/** Tables that the log says nothing of. */
const NEVER_COVERED =
  'Not covered: who is at work at this moment (lease), and what was measured of data files (data_digest, data_state)'

/** Every row against the last entry that names it. */
export const examineRows: Examination = {
  id: 'rows',
  title: 'Each row of the database is what the log says',
  examine({ database, entries }) {
    const tables = [...REGISTRY_TABLES, ...RELEASE_TABLES, ...PIPELINE_TABLES, ...TEST_SET_TABLES, ...SIGNING_TABLES]
    const { problems, asWritten, asFound, open, notCovered } = compareRows(database, tables, entries)
    const uncovered = notCovered.filter(({ rows }) => rows > 0)
    return {
      looked: `${count(asWritten, 'row')} as written`,
      problems: problems.map(({ message }) => message),
      remarks: [
        ...(asFound > 0
          ? [
              `${formatCount(asFound)} of them are older than the log: they have not changed since it began; what was before is not covered.`,
            ]
          : []),
        ...(open > 0 ? [`${formatCount(open)} are of a run in progress, and not covered until it has ended.`] : []),
        `${NEVER_COVERED}.`,
        ...uncovered.map(({ table, rows }) => `${count(rows, 'row')} of ${table} are older than the log, and not covered.`),
      ],
    }
  },
}
