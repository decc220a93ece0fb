import type { Session } from './session.ts'

/** What a command does; it answers the exit code. */
export type Action = (session: Session) => Promise<number> | number

/** Runs what a command does, in this process's session. */
export type Act = (action: Action) => Promise<void>
