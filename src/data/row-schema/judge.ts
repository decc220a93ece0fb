import { judgeData } from '../validate/judge-data.ts'
import type { Judgement } from '../validate/judgement.ts'
import type { RowSchema } from './schema.ts'

export interface JudgeOptions {
  readonly cwd: string
  /** A file, a folder or a glob. */
  readonly data: string
  readonly schema: RowSchema
  /** Most example rows for each broken rule. */
  readonly examples: number
  readonly signal?: AbortSignal | undefined
}

/** Judges every row of a data set by the demands that a row schema makes on single rows; nothing is kept. */
export function judgeRows(options: JudgeOptions): Promise<Judgement> {
  return judgeData({ ...options, stateDir: null, now: new Date() })
}
