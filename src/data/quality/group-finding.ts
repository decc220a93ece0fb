import type { Finding } from '../../core/check.ts'
import type { RowGroup } from './facts.ts'

/** `3 equal rows: lines 2, 202, 242`. */
export function groupFinding({ rows, places }: RowGroup, what: string): Pick<Finding, 'message' | 'evidence'> {
  const shown = places.map(({ row, line }) => line ?? row).join(', ')
  const unit = places[0]?.line === undefined ? 'rows' : 'lines'
  const files = new Set(places.map(({ file }) => file))
  const where = files.size === 1 ? '' : ` in ${[...files].join(', ')}`
  return { message: `${rows} ${what}: ${unit} ${shown}${rows > places.length ? ', …' : ''}${where}`, evidence: { rows, places } }
}
