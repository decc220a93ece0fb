import { formatDuration } from '../core/duration.ts'

const DAY = 86_400_000

/** How long ago, as people read it: in days from two days on. */
export function formatAge(ms: number): string {
  return ms >= 2 * DAY ? `${Math.floor(ms / DAY)} days` : formatDuration(ms)
}
