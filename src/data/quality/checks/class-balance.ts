import { count, listed, percent } from '../../../core/counts.ts'
import { labelledRows, NO_LABEL, notClasses } from '../labels.ts'
import type { QualityRule } from '../rule.ts'
import { shareOf } from '../share.ts'

/** No class of the label is rare. A single class fails. */
export const classBalance: QualityRule = {
  name: 'class-balance',
  title: 'Class balance',
  summary: 'No class of the label is rarer than its limit; a single class always fails.',
  severity: 'warn',
  why: 'Rare classes are often real: fraud is rare. It changes how a model must be judged.',
  limits: ['minClassShare', 'mostClasses'],
  judge({ rows, columns, label }, limits, over) {
    if (!label) return { verdict: 'skip', message: NO_LABEL }
    const { classes, column } = label
    const labelled = labelledRows({ rows, columns }, column)
    if (labelled === 0) return { verdict: 'error', message: `No row has a label in "${column}".` }
    if (classes.length > limits.mostClasses) return notClasses(column, limits)
    const rare = classes.filter((one) => one.rows / labelled < limits.minClassShare)
    const shares = classes.map((one) => `${one.label} ${percent(one.rows / labelled)}`)
    const single = classes.length === 1
    return {
      verdict: single ? 'fail' : rare.length > 0 ? over : 'pass',
      message: single
        ? `All labelled rows are of the class "${classes[0]!.label}".`
        : `${listed(shares)}; at least ${percent(limits.minClassShare)} of each expected.`,
      measurements: classes.map((one) => ({
        ...shareOf('class share', one.rows, labelled),
        slice: { [column]: one.label },
        threshold: { value: limits.minClassShare, good: 'at-least' as const },
      })),
      findings: rare.map((one) => ({
        severity: 'warning',
        message: `${count(one.rows, 'row')} of the class "${one.label}" (${percent(one.rows / labelled)}).`,
        rule: 'class-balance',
      })),
      ...(single && { hint: 'A classifier needs at least two classes. Was the data filtered by its label?' }),
      ...(rare.length > 0 && {
        hint: 'Accuracy hides how a model treats a rare class: judge recall, or gather more of it. Limit: --min-class-share.',
      }),
    }
  },
}
