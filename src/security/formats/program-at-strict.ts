import type { Part } from '../examination.ts'

/** Reports what is a program by its nature, where data alone is allowed. `what`: `A SavedModel is a graph of operators`. */
export function reportProgram(part: Part, what: string): void {
  if (part.examination.level !== 'strict') return
  part.examination.report('format.program-at-strict', { message: `${what}, and only data is allowed`, part, offset: 0 })
}
