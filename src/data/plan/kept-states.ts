import { join } from 'node:path'
import type { Digest } from '../../core/digest.ts'
import { openDatabase } from '../../drivers/sqlite.ts'
import type { DigestStore, FileMark } from './digests.ts'

const MIGRATIONS = [
  `CREATE TABLE data_digest (
     path TEXT PRIMARY KEY, mark TEXT NOT NULL, digest TEXT NOT NULL, seen INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE data_state (
     digest TEXT NOT NULL, question TEXT NOT NULL, state TEXT NOT NULL, seen INTEGER NOT NULL, PRIMARY KEY (digest, question)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX data_state_seen ON data_state (seen);`,
]

const DAY = 86_400_000
/** States of data that no run has looked at for so long are dropped. */
const KEPT_FOR = 90 * DAY
/** States kept at most; one is a few dozen bytes, and at worst some hundred kilobytes. */
const MOST_STATES = 500_000
/**
 * A file system may write times only so exactly: a file that was written this shortly before it was hashed may be written again without
 * its time telling.
 */
const RACY = 2000n * 1_000_000n

/** What earlier runs have measured of files: the state of each aggregate, as JSON, by the digest of the file. */
export interface KeptStates extends DigestStore {
  /** The states of a file, by question. */
  load(digest: Digest, questions: readonly string[]): Map<string, string>
  save(digest: Digest, states: ReadonlyMap<string, string>): void
  close(): void
}

/** @throws UserError E_STATE when the state folder cannot be used */
export function openKeptStates(stateDir: string, now: Date): KeptStates {
  const database = openDatabase(join(stateDir, 'plimsoll.db'), 'data', MIGRATIONS)
  const time = now.getTime()
  let saved = false
  return {
    known(mark) {
      const row = database.get<{ mark: string; digest: Digest }>('SELECT mark, digest FROM data_digest WHERE path = ?', mark.path)
      return row?.mark === textOf(mark) ? row.digest : undefined
    },
    learn(mark, digest, hashedAt) {
      if (BigInt(hashedAt) * 1_000_000n - mark.mtimeNs < RACY) return
      database.run('INSERT OR REPLACE INTO data_digest VALUES (?, ?, ?, ?)', mark.path, textOf(mark), digest, time)
    },
    load(digest, questions) {
      const wanted = new Set(questions)
      const rows = database.all<{ question: string; state: string; seen: number }>(
        'SELECT question, state, seen FROM data_state WHERE digest = ?',
        digest,
      )
      if (rows.some(({ seen }) => seen < time - DAY)) {
        database.run('UPDATE data_state SET seen = ? WHERE digest = ?', time, digest)
        database.run('UPDATE data_digest SET seen = ? WHERE digest = ?', time, digest)
      }
      return new Map(rows.filter(({ question }) => wanted.has(question)).map(({ question, state }) => [question, state]))
    },
    save(digest, states) {
      saved = true
      database.transaction(() => {
        for (const [question, state] of states) {
          database.run('INSERT OR REPLACE INTO data_state VALUES (?, ?, ?, ?)', digest, question, state, time)
        }
      })
    },
    close() {
      if (saved) {
        database.run('DELETE FROM data_state WHERE seen < ?', time - KEPT_FOR)
        database.run('DELETE FROM data_digest WHERE seen < ?', time - KEPT_FOR)
        const count = database.get<{ n: number }>('SELECT count(*) AS n FROM data_state')!.n
        if (count > MOST_STATES) {
          const oldest = 'SELECT digest, question FROM data_state ORDER BY seen LIMIT ?'
          database.run(`DELETE FROM data_state WHERE (digest, question) IN (${oldest})`, count - MOST_STATES)
        }
      }
      database.close()
    },
  }
}

const textOf = ({ size, mtimeNs, ctimeNs, inode }: FileMark): string => `${size} ${mtimeNs} ${ctimeNs} ${inode}`
