import { count, percent } from '../../../core/counts.ts'
import { findingSeverity, type QualityRule } from '../rule.ts'
import { NO_REFERENCE } from './shared-rows.ts'

/** Keys that the reference has too: the same customer on both sides. */
export const sharedKeys: QualityRule = {
  name: 'shared-keys',
  title: 'Keys shared with the reference',
  summary: 'Few keys (--key, and columns that look like one) are in the reference too.',
  severity: 'warn',
  why: 'The same entity on both sides makes a test too easy, unless later rows of it are what is tested.',
  limits: ['reference', 'key', 'maxSharedShare'],
  needs: 'reference',
  judge({ reference }, { maxSharedShare }, over) {
    if (!reference) return { verdict: 'skip', message: NO_REFERENCE }
    const keys = reference.keys.filter(({ present }) => present > 0)
    if (keys.length === 0)
      return { verdict: 'skip', message: 'Not judged: no key is named (--key COLUMNS), and no column looks like one.' }
    const found = keys.filter(({ rows, present }) => rows / present > maxSharedShare)
    const told = keys.map(
      ({ columns, rows, present }) =>
        `${columns.join(', ')}: ${count(rows, 'row')} (${percent(rows / present)}) with a key of ${reference.path}`,
    )
    return {
      verdict: found.length > 0 ? over : 'pass',
      message: `${told.join('; ')}.`,
      measurements: keys.map(({ columns, rows, present }) => ({
        name: 'shared keys',
        value: rows / present,
        unit: 'share',
        n: present,
        slice: { key: columns.join(', ') },
        threshold: { value: maxSharedShare, good: 'at-most' as const },
      })),
      findings: found.map(({ columns, rows, present }) => ({
        severity: findingSeverity(over),
        message: `${count(rows, 'row')} of ${count(present, 'row')} have a ${columns.join(', ')} that is in ${reference.path} too.`,
        rule: 'shared-keys',
        evidence: { columns, rows },
      })),
      ...(found.length > 0 && { hint: 'Split by the key, so that each entity is on one side alone. Limit: --max-shared-share.' }),
    }
  },
}
