import { listed } from '../../../core/counts.ts'
import type { Finding } from '../../../core/check.ts'
import type { QualityFacts } from '../facts.ts'
import { findingSeverity, type QualityRule } from '../rule.ts'
import { NO_REFERENCE } from './shared-rows.ts'

type Times = NonNullable<QualityFacts['reference']>['times'][number]

/** A period that begins before the one of the reference has ended. */
export const timeOverlap: QualityRule = {
  name: 'time-overlap',
  title: 'Periods shared with the reference',
  summary:
    'Where the data reach beyond the reference in time, they begin after it has ended. A period inside the one of the reference is noted.',
  severity: 'warn',
  why: 'A split by time that overlaps is a mistake; a split at random overlaps by design.',
  limits: ['reference'],
  needs: 'reference',
  judge({ columns, reference }, _limits, over) {
    if (!reference) return { verdict: 'skip', message: NO_REFERENCE }
    if (reference.times.length === 0) return { verdict: 'skip', message: 'Not judged: no column of dates is in both.' }
    const overlapping = reference.times.filter(({ data, reference }) => data.earliest <= reference.latest)
    const partly = overlapping.filter(({ data, reference }) => data.latest > reference.latest)
    const isMasked = (name: string) => columns.some((column) => column.name === name && column.isMasked)
    const tell = (one: Times, severity: Finding['severity']): Finding => ({
      severity,
      message: isMasked(one.column)
        ? `"${one.column}" overlaps with ${reference.path}.`
        : `"${one.column}" runs from ${day(one.data.earliest)} to ${day(one.data.latest)}; in ${reference.path} from ${day(one.reference.earliest)} to ${day(one.reference.latest)}.`,
      rule: 'time-overlap',
    })
    const names = (list: readonly Times[]) => listed(list.map(({ column }) => column))
    return {
      verdict: partly.length > 0 ? over : 'pass',
      message:
        partly.length > 0
          ? `${names(partly)}: begins before the period of ${reference.path} has ended.`
          : overlapping.length > 0
            ? `${names(overlapping)}: no later than ${reference.path}, as in a split at random.`
            : `${names(reference.times)}: later than all of ${reference.path}.`,
      findings: [
        ...partly.map((one) => tell(one, findingSeverity(over))),
        ...overlapping.filter((one) => !partly.includes(one)).map((one) => tell(one, 'note')),
      ],
      ...(partly.length > 0 && { hint: 'Cut both at one date, so that a test asks for the future and not for the past.' }),
    }
  },
}

const day = (time: string): string => time.slice(0, 10)
