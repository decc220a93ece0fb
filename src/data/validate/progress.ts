import { formatCount } from '../../core/counts.ts'
import type { QueryProgress } from '../../drivers/duckdb.ts'

/** Milliseconds between two lines. What takes less than that says nothing. */
const INTERVAL = 2000

export interface Progress {
  /** What is read from here on. */
  readonly reads: (what: string) => void
  /** DuckDB's word on the query that is running. */
  readonly moved: (progress: QueryProgress) => void
}

/** Lines such as `data.parquet: 43 %, 4,300,000 rows`, at most every two seconds. */
export function tellProgress(say: (line: string) => void, monotonic: () => number): Progress {
  let last = monotonic()
  let what = ''
  return {
    reads(next) {
      what = next
    },
    moved({ share, rows }) {
      const now = monotonic()
      if (now - last < INTERVAL || rows === 0) return
      last = now
      say(`${what}: ${Math.floor(share * 100)} %, ${formatCount(rows)} rows`)
    },
  }
}
