import type { Measurement } from '../../core/check.ts'
import { wilson } from '../../stats/proportion.ts'

/** A share with what it tells about more data of the same kind. */
export function shareOf(name: string, part: number, rows: number): Measurement {
  return { name, value: part / rows, unit: 'share', n: rows, interval: wilson(part, rows) }
}
