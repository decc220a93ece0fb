import { formatDuration } from '../../core/duration.ts'
import type { Session } from '../session.ts'

/** Nothing is said of work that is done before a person wonders. */
const PATIENCE_MS = 2000
const EVERY_MS = 10_000

/** Tells what long work is at: nothing in the first two seconds, then each pass as it begins, and every ten seconds that it goes on. */
export async function tellingPasses<T>(session: Session, work: (onPass: (what: string) => void) => Promise<T>): Promise<T> {
  const started = performance.now()
  let current = ''
  let said = ''
  const say = () => {
    if (current === '') return
    said = current
    session.say(`${formatDuration(performance.now() - started)}: ${current} …`)
  }
  const first = setTimeout(() => said !== current && say(), PATIENCE_MS)
  const later = setInterval(say, EVERY_MS)
  try {
    return await work((what) => {
      current = what
      if (performance.now() - started > PATIENCE_MS) say()
    })
  } finally {
    clearTimeout(first)
    clearInterval(later)
  }
}
