import { count } from '../../../core/counts.ts'
import type { QualityRule } from '../rule.ts'

/** There are enough rows to say anything. */
export const rowCount: QualityRule = {
  name: 'rows',
  title: 'Row count',
  summary: 'There are enough rows to say anything.',
  severity: 'warn',
  why: 'A small data set can be all there is.',
  limits: ['minRows'],
  judge({ rows, columns }, { minRows }, over) {
    const enough = rows >= minRows
    return {
      verdict: enough ? 'pass' : over,
      message: `${count(rows, 'row')}, ${count(columns.length, 'column')}; at least ${count(minRows, 'row')} expected.`,
      expected: `at least ${minRows}`,
      actual: String(rows),
      measurements: [{ name: 'rows', value: rows, unit: 'rows', threshold: { value: minRows, good: 'at-least' } }],
      ...(!enough && {
        hint: 'With fewer than about 100 rows a share is uncertain by 10 points and more. Gather more, or change --min-rows.',
      }),
    }
  },
}
