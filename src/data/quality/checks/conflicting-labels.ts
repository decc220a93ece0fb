import { count, percent } from '../../../core/counts.ts'
import { isCoarse } from '../coarse.ts'
import { labelledRows, NO_LABEL, notClasses } from '../labels.ts'
import type { QualityRule } from '../rule.ts'
import { groupFinding } from '../group-finding.ts'

/** Few rows have the features of a row with another label. The share has no interval: it grows with the number of rows. */
export const conflictingLabels: QualityRule = {
  name: 'conflicting-labels',
  title: 'Conflicting labels',
  summary:
    'Few rows have the features of a row with another label, apart from what chance makes equal where features are coarse.',
  severity: 'warn',
  why: 'Some conflict is the nature of a problem that its features do not decide.',
  limits: ['maxConflictingShare', 'mostClasses'],
  judge({ rows, columns, label, equalFeaturePairs, chancePairs }, limits, over) {
    if (!label) return { verdict: 'skip', message: NO_LABEL }
    const { column, classes, conflictingRows, outvoted } = label
    const labelled = labelledRows({ rows, columns }, column)
    if (labelled === 0) return { verdict: 'error', message: `No row has a label in "${column}".` }
    if (classes.length > limits.mostClasses) return notClasses(column, limits)
    const share = conflictingRows / labelled
    const isChance = share > limits.maxConflictingShare && isCoarse(equalFeaturePairs, chancePairs.features)
    const isOver = share > limits.maxConflictingShare && !isChance
    const coarse = isChance ? ' The features are so coarse that chance makes them equal.' : ''
    const best = 1 - outvoted / labelled
    const ceiling = conflictingRows > 0 ? ` No model can be right on more than ${percent(best)} of these rows.` : ''
    const found = `${count(conflictingRows, 'row')} (${percent(share)}) ${conflictingRows === 1 ? 'has' : 'have'} the features of a row with another label`
    return {
      verdict: isOver ? over : 'pass',
      message: `${found}; at most ${percent(limits.maxConflictingShare)} expected.${coarse}${ceiling}`,
      measurements: [
        { name: 'conflicting rows', value: conflictingRows, unit: 'rows', n: labelled },
        {
          name: 'conflicting share',
          value: share,
          unit: 'share',
          n: labelled,
          threshold: { value: limits.maxConflictingShare, good: 'at-most' },
        },
        { name: 'best possible accuracy', value: best, unit: 'share', n: labelled },
      ],
      findings: label.conflicts.map((group) => ({
        ...groupFinding(group, 'rows with equal features and different labels'),
        rule: 'conflicting-labels',
        severity: isOver ? 'warning' : 'note',
      })),
      ...(isOver && {
        hint: 'Look at the rows: a labelling mistake, or a feature that is missing? Limit: --max-conflicting-share.',
      }),
    }
  },
}
