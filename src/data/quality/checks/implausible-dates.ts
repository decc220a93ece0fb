import { count, listed, percent } from '../../../core/counts.ts'
import type { ColumnFacts } from '../facts.ts'
import { AMBIGUOUS_DATE } from '../facts/text-classes.ts'
import type { TimeFacts } from '../facts/times.ts'
import { findingSeverity, type QualityRule } from '../rule.ts'

/** A date that often stands for "unknown" is one when it occurs this many times as often as other dates. */
const PILE = 5
/** Fewer dates have no day above the twelfth by chance. */
const FEWEST_DATES = 40
const FEWEST_DAYS = 8

/** Dates that cannot be, or hardly so. */
export const implausibleDates: QualityRule = {
  name: 'implausible-dates',
  title: 'Implausible dates',
  summary:
    'No date is before 1900, none in the future where most are not, no date that programs write for "unknown" (1900-01-01, 1970-01-01, 9999-12-31, …) piles up, and days above the twelfth occur.',
  severity: 'warn',
  why: 'History and plans have such dates.',
  limits: [],
  judge({ rows, columns }, _limits, over) {
    const found = columns.flatMap((column) => {
      const what = [...(column.times ? oddities(column, column.times, rows) : []), ...ambiguous(column)]
      return what.length > 0 ? [{ column, what }] : []
    })
    const dated = columns.filter(({ times }) => times).length
    const none = dated === 0 ? 'There is no column of dates.' : `${count(dated, 'column')} of dates, all plausible.`
    return {
      verdict: found.length > 0 ? over : 'pass',
      message: found.length > 0 ? `${listed(found.map(({ column, what }) => `${column.name}: ${what.join(', ')}`))}.` : none,
      findings: found.map(({ column, what }) => ({
        severity: findingSeverity(over),
        message: `"${column.name}"${range(column)}: ${what.join('; ')}.`,
        rule: 'implausible-dates',
        evidence: { column: column.name },
      })),
      ...(found.length > 0 && { hint: 'Write an unknown date as null; read dates with the format that they were written in.' }),
    }
  },
}

function range({ times, isMasked }: ColumnFacts): string {
  return times && !isMasked ? ` (${times.earliest.slice(0, 10)} to ${times.latest.slice(0, 10)})` : ''
}

function oddities(column: ColumnFacts, times: TimeFacts, rows: number): string[] {
  const present = rows - column.missing
  const isPlan = times.future > present / 2
  const perDate = present / Math.max(1, column.distinct)
  const piles = times.sentinels.filter(({ value, rows }) => {
    const { others } = times
    const isApart = others === null || value < others.earliest.slice(0, 10) || value > others.latest.slice(0, 10)
    return (isApart && (rows > 1 || present > 1)) || rows >= Math.max(3, PILE * perDate)
  })
  const neverLate = times.dayAbove12 === 0 && times.days >= FEWEST_DAYS && Math.min(present, column.distinct) >= FEWEST_DATES
  return [
    ...piles.map(({ value, rows }) => `${value} in ${count(rows, 'row')}, which often stands for an unknown date`),
    ...(times.ancient > 0 ? [`${count(times.ancient, 'date')} before 1900`] : []),
    ...(times.future > 0 && !isPlan ? [`${count(times.future, 'date')} (${percent(times.future / present)}) in the future`] : []),
    ...(neverLate ? ['no day above the twelfth: day and month may have changed places, and other dates been lost'] : []),
  ]
}

/** Dates as text that can be read in two ways, with none among them that tells which. */
function ambiguous({ text }: ColumnFacts): string[] {
  if (!text) return []
  const rows = text.classes[`date:${AMBIGUOUS_DATE}`]?.rows ?? 0
  const told = (text.classes['date:DD/MM/YYYY']?.rows ?? 0) + (text.classes['date:MM/DD/YYYY']?.rows ?? 0)
  return rows >= FEWEST_DATES && told === 0 ? ['no date tells which number is the day and which the month'] : []
}
