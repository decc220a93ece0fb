import { totalmem } from 'node:os'

/** DuckDB puts aside on disk what does not fit into this share of the memory. */
const MEMORY_SHARE = 0.5

/** How many bytes DuckDB may hold: half of what this process may have, of the machine or of the container it is in. */
export function memoryLimit(): number {
  const limit = process.constrainedMemory?.() ?? 0
  return (limit > 0 && limit < totalmem() ? limit : totalmem()) * MEMORY_SHARE
}
