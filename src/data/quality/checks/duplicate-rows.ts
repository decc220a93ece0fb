import { count, percent } from '../../../core/counts.ts'
import type { QualityRule } from '../rule.ts'
import { isCoarse } from '../coarse.ts'
import { groupFinding } from '../group-finding.ts'

/** Few rows repeat an earlier one. The share has no interval: it grows with the number of rows. */
export const duplicateRows: QualityRule = {
  name: 'duplicates',
  title: 'Duplicate rows',
  summary: 'Few rows repeat an earlier row, apart from what chance makes equal where values are coarse.',
  severity: 'warn',
  why: 'Coarse values make honest rows equal.',
  limits: ['maxDuplicateShare'],
  judge(facts, { maxDuplicateShare }, over) {
    const { rows, duplicateRows, duplicates } = facts
    const share = duplicateRows / rows
    const isChance = share > maxDuplicateShare && isCoarse(facts.equalPairs, facts.chancePairs.rows)
    const isOver = share > maxDuplicateShare && !isChance
    const chance = isChance ? ' Its values are so coarse that chance makes rows equal.' : ''
    return {
      verdict: isOver ? over : 'pass',
      message: `${count(duplicateRows, 'row')} (${percent(share)}) ${duplicateRows === 1 ? 'repeats' : 'repeat'} an earlier row; at most ${percent(maxDuplicateShare)} expected.${chance}`,
      measurements: [
        { name: 'duplicate rows', value: duplicateRows, unit: 'rows', n: rows },
        {
          name: 'duplicate share',
          value: share,
          unit: 'share',
          n: rows,
          threshold: { value: maxDuplicateShare, good: 'at-most' },
        },
      ],
      findings: duplicates.map((group) => ({
        ...groupFinding(group, 'equal rows'),
        rule: 'duplicates',
        severity: isOver ? 'warning' : 'note',
      })),
      ...(isOver && {
        hint: 'The same row in training and in test data makes a model look better than it is. Remove them, or change --max-duplicate-share.',
      }),
    }
  },
}
