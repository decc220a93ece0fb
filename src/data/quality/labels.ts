import type { QualityFacts } from './facts.ts'
import type { Judged, QualityLimits } from './rule.ts'

export const NO_LABEL = 'Not judged: no label is named (--label COLUMN).'

export function labelledRows({ rows, columns }: Pick<QualityFacts, 'rows' | 'columns'>, label: string): number {
  return rows - columns.find(({ name }) => name === label)!.missing
}

export function notClasses(column: string, { mostClasses }: QualityLimits): Judged {
  const message = `Not judged: "${column}" has more than ${mostClasses} different values, so they are not classes.`
  return { verdict: 'skip', message, hint: 'Change --most-classes if they are.' }
}
