import { systemClock } from '../../core/clock.ts'
import { fsck } from '../fsck/fsck.ts'
import { printReport } from '../output.ts'
import type { Session } from '../session.ts'

export interface FsckFlags {
  readonly head?: string
}

/** Says whether anything in the state folder, or a result, was changed or lost. */
export async function fsckCommand(session: Session, { head }: FsckFlags): Promise<number> {
  const { stateDir, root } = session
  const report = await fsck({ stateDir, root, head, clock: systemClock, signal: session.interruptible() })
  return printReport(session, report, 'block')
}
