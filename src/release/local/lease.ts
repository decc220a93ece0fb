import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../../core/errors.ts'
import { isRunning } from '../../drivers/process-alive.ts'
import type { Database } from '../../drivers/sqlite.ts'

/** A holder that has not renewed for so long has died without letting go. */
const EXPIRES_MS = 20_000
const RENEW_MS = 5_000
const POLL_MS = 100

interface Row {
  readonly holder: string
  readonly pid: number
  readonly expires_at: number
}

/**
 * Runs `work` while no other process, and no other call in this one, does so under the same name. A holder whose
 * process has ended is succeeded at once.
 *
 * @throws UserError E_CONFLICT when another holds the name for longer than `waitMs`
 */
export async function withLease<T>(
  database: Database,
  name: string,
  options: { waitMs: number; signal?: AbortSignal | undefined },
  work: () => Promise<T>,
): Promise<T> {
  const holder = randomUUID()
  const deadline = Date.now() + options.waitMs
  for (let blocker = take(database, name, holder); blocker !== undefined; blocker = take(database, name, holder)) {
    options.signal?.throwIfAborted()
    if (Date.now() > deadline) {
      throw new UserError('E_CONFLICT', `Another process (${blocker.pid}) is changing the environment ${name}`, {
        hint: 'Wait until it has finished, then try again.',
      })
    }
    await sleep(POLL_MS)
  }
  const renewal = setInterval(() => renew(database, name, holder), RENEW_MS)
  try {
    return await work()
  } finally {
    clearInterval(renewal)
    database.run('DELETE FROM lease WHERE name = ? AND holder = ?', name, holder)
  }
}

/** Undefined when the lease is now ours, else who has it. */
function take(database: Database, name: string, holder: string): Row | undefined {
  return database.transaction(() => {
    const row = database.get<Row>('SELECT holder, pid, expires_at FROM lease WHERE name = ?', name)
    if (row && row.expires_at > Date.now() && isRunning(row.pid)) return row
    database.run(
      `INSERT INTO lease VALUES (?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, pid = excluded.pid, expires_at = excluded.expires_at`,
      name,
      holder,
      process.pid,
      Date.now() + EXPIRES_MS,
    )
    return undefined
  })
}

function renew(database: Database, name: string, holder: string): void {
  try {
    database.run('UPDATE lease SET expires_at = ? WHERE name = ? AND holder = ?', Date.now() + EXPIRES_MS, name, holder)
  } catch {
    // The database is busy: the next renewal comes well before the lease expires.
  }
}
