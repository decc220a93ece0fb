import type { Digest } from '../../core/digest.ts'
import { openLogged, type AuditLog, type WatchedTable } from '../../drivers/audit-log.ts'
import type { Database } from '../../drivers/sqlite.ts'

/** That a gate is about to judge a model on a test set. */
export interface Decision {
  /** `testSetDigest` of the data and labels. */
  readonly testSet: Digest
  /** The data as the user named them. */
  readonly path: string
  readonly rows: number
  /** Tells decisions apart: a digest of what the model said and of the tests. The same decision again is no new look at the data. */
  readonly identity: Digest
  /** As the user named it. */
  readonly model: string
  /** How many decisions the test set is good for; null when nothing was said. */
  readonly budget: number | null
  readonly runId: string | null
  readonly at: Date
}

/** Where a decision stands among those that were made on the same test set. */
export interface Standing {
  /** Counted from 1. A repeated decision keeps its number. */
  readonly number: number
  /** How many different decisions there are by now, this one with them. */
  readonly decisions: number
  readonly budget: number | null
  /** Whether the decisions before this one had used up the budget. */
  readonly isUsedUp: boolean
  /** Decisions before this one that were made without a budget, at the plain confidence. */
  readonly withoutBudget: number
}

export interface TestSetRecord {
  readonly testSet: Digest
  /** The last path under which it was used. */
  readonly path: string
  readonly rows: number
  readonly decisions: number
  /** The last budget that was stated. */
  readonly budget: number | null
  /** Share of the budget that is spent, 1 for all of it; null without a budget. */
  readonly spent: number | null
  /** ISO 8601, UTC. */
  readonly firstAt: string
  readonly lastAt: string
}

/** Counts how often test sets were used to decide. */
export interface TestSetLedger {
  /** Writes a decision down, once, and says where it stands. */
  record(decision: Decision): Standing
  /** Every test set, the last used one first. */
  testSets(): TestSetRecord[]
  close(): void
}

const MIGRATIONS = [
  `
  CREATE TABLE test_set (
    digest TEXT PRIMARY KEY,
    path TEXT NOT NULL,
    row_count INTEGER NOT NULL,
    budget INTEGER,
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE test_set_decision (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    test_set TEXT NOT NULL REFERENCES test_set (digest),
    identity TEXT NOT NULL,
    model TEXT NOT NULL,
    budget INTEGER,
    run_id TEXT,
    at TEXT NOT NULL,
    UNIQUE (test_set, identity)
  ) STRICT;
  `,
  '-- From here on every change is in the audit log: a Plimsoll that does not know the log must not write here.',
]

export const TEST_SET_TABLES: readonly WatchedTable[] = [
  { table: 'test_set', key: ['digest'] },
  { table: 'test_set_decision', key: ['test_set', 'identity'] },
]

interface DecisionRow {
  readonly identity: Digest
  readonly budget: number | null
}

/** Opens the ledger of a state folder. Several processes may have it open at once; each decision is one transaction. */
export function openTestSetLedger(stateDir: string): TestSetLedger {
  const { database, log } = openLogged(stateDir, 'test-sets', MIGRATIONS, TEST_SET_TABLES)
  return {
    record: (decision) => database.transaction(() => recorded(database, log, decision)),
    testSets: () =>
      database
        .all<Omit<TestSetRecord, 'spent' | 'decisions'>>(
          `SELECT digest AS testSet, path, row_count AS rows, budget, first_at AS firstAt, last_at AS lastAt
           FROM test_set ORDER BY last_at DESC, digest`,
        )
        .map((row) => {
          const decisions = decisionsOn(database, row.testSet)
          const spent = row.budget === null ? null : Math.min(1, roundedShare(spentBy(decisions, row.budget)))
          return { ...row, decisions: decisions.length, spent }
        }),
    close: () => database.close(),
  }
}

function recorded(database: Database, log: AuditLog, decision: Decision): Standing {
  const { testSet, path, rows, identity, model, budget, runId, at } = decision
  const now = at.toISOString()
  database.run(
    `INSERT INTO test_set (digest, path, row_count, budget, first_at, last_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (digest) DO UPDATE SET path = excluded.path, last_at = max(last_at, excluded.last_at),
       budget = coalesce(excluded.budget, budget)`,
    testSet,
    path,
    rows,
    budget,
    now,
    now,
  )
  // A decision that is repeated under a smaller budget has had more of the error to spend: the dearer one counts.
  database.run(
    `INSERT INTO test_set_decision (test_set, identity, model, budget, run_id, at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (test_set, identity) DO UPDATE SET budget = min(coalesce(budget, excluded.budget), coalesce(excluded.budget, budget))`,
    testSet,
    identity,
    model,
    budget,
    runId,
    now,
  )
  log.append({
    action: 'test-set.used',
    subject: `test set ${path}`,
    actor: runId === null ? null : `run ${runId}`,
    at,
    details: { digest: testSet, model, budget },
    rows: [
      { table: 'test_set', key: [testSet] },
      { table: 'test_set_decision', key: [testSet, identity] },
    ],
  })
  const decisions = decisionsOn(database, testSet)
  const index = decisions.findIndex((each) => each.identity === identity)
  const before = decisions.slice(0, index)
  return {
    number: index + 1,
    decisions: decisions.length,
    budget,
    isUsedUp: budget !== null && roundedShare(spentBy(before, budget) + 1 / budget) > 1,
    withoutBudget: before.filter((each) => each.budget === null).length,
  }
}

function decisionsOn(database: Database, testSet: Digest): DecisionRow[] {
  return database.all<DecisionRow>('SELECT identity, budget FROM test_set_decision WHERE test_set = ? ORDER BY id', testSet)
}

/**
 * Share of the error rate that decisions have spent: each one over the budget under which it was made, so that a budget that is
 * raised or lowered on the way is not spent twice. One that was made without a budget takes a place of the present one.
 */
function spentBy(decisions: readonly DecisionRow[], budget: number): number {
  return decisions.reduce((sum, decision) => sum + 1 / (decision.budget ?? budget), 0)
}

/** Twenty twentieths are 1. */
const roundedShare = (share: number): number => Number(share.toPrecision(12))
