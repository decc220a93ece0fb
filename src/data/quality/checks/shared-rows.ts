import { count, percent } from '../../../core/counts.ts'
import { findingSeverity, type QualityRule } from '../rule.ts'

export const NO_REFERENCE = 'Not judged: no reference is named (--reference PATH).'

/** Rows that the reference has too, more of them than coarse values explain. */
export const sharedRows: QualityRule = {
  name: 'shared-rows',
  title: 'Rows shared with the reference',
  summary:
    'Few rows are in the reference too, apart from what coarse values explain. The label and columns that identify rows are left aside.',
  severity: 'warn',
  why: 'It spoils a test of a model trained on the reference, but the reference may be there for something else.',
  limits: ['reference', 'ignore', 'maxSharedShare'],
  needs: 'reference',
  judge({ rows, reference }, { maxSharedShare }, over) {
    if (!reference) return { verdict: 'skip', message: NO_REFERENCE }
    const { shared } = reference
    if (reference.rows === 0) return { verdict: 'error', message: `The reference ${reference.path} has no rows.` }
    if (shared.columns.length === 0) {
      return {
        verdict: 'error',
        message: `There is no column to compare with ${reference.path}.`,
        hint: 'Do the two hold the same kind of data?',
      }
    }
    const share = shared.rows / rows
    const excess = Math.max(0, share - shared.expected)
    const isOver = excess > maxSharedShare
    const chance = shared.expected > 0 ? ` ${percent(shared.expected)} of the reference's own rows equal another one.` : ''
    const lines = shared.places.map(({ row, line }) => line ?? row).join(', ')
    const unit = shared.places[0]?.line === undefined ? 'rows' : 'lines'
    return {
      verdict: isOver ? over : 'pass',
      message: `${count(shared.rows, 'row')} (${percent(share)}) ${shared.rows === 1 ? 'is' : 'are'} in ${reference.path} too.${chance}`,
      measurements: [
        { name: 'shared rows', value: shared.rows, unit: 'rows', n: rows },
        { name: 'shared share', value: share, unit: 'share', n: rows },
        { name: 'excess share', value: excess, unit: 'share', n: rows, threshold: { value: maxSharedShare, good: 'at-most' } },
      ],
      findings:
        shared.rows === 0
          ? []
          : [
              {
                severity: isOver ? findingSeverity(over) : 'note',
                message: `${unit} ${lines}${shared.rows > shared.places.length ? ', …' : ''}`,
                rule: 'shared-rows',
                evidence: { compared: shared.columns, leftOut: shared.leftOut, places: shared.places },
              },
            ],
      ...(isOver && { hint: 'A model has seen these rows. Remove them from one side. Limit: --max-shared-share.' }),
    }
  },
}
