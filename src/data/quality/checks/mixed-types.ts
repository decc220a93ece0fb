import { listed, percent } from '../../../core/counts.ts'
import type { ColumnFacts } from '../facts.ts'
import type { TextFacts } from '../facts/texts.ts'
import { AMBIGUOUS_DATE, DATE_FORMATS, type TextClass } from '../facts/text-classes.ts'
import { findingSeverity, type QualityRule } from '../rule.ts'
import { shownValue } from '../shown-value.ts'

/** From this share on, a column is taken to be of one type, and the rest to be strangers. */
const MOST = 0.8

/** Text columns that are nearly numbers or dates, and dates in several formats. */
export const mixedTypes: QualityRule = {
  name: 'mixed-types',
  title: 'Mixed types',
  summary:
    'No text column is mostly numbers or dates with other text between, or mostly words with numbers between, or dates in several formats.',
  severity: 'warn',
  why: 'It is nearly always a fault of an export, but only you know what the column means.',
  limits: [],
  judge({ columns }, _limits, over) {
    const found = columns.flatMap((column) => {
      const what = column.text && mixture(column, column.text)
      return what === undefined ? [] : [{ column, what }]
    })
    return {
      verdict: found.length > 0 ? over : 'pass',
      message:
        found.length > 0
          ? `${listed(found.map(({ column, what }) => `${column.name}: ${what.short}`))}.`
          : 'Every text column is of one type.',
      findings: found.map(({ column, what }) => ({
        severity: findingSeverity(over),
        message: `"${column.name}": ${what.long}.`,
        rule: 'mixed-types',
        evidence: { column: column.name, rows: counts(column.text!) },
      })),
      ...(found.length > 0 && {
        hint: 'Clean the strangers at the source, or state the type in a row schema (validate-schema).',
      }),
    }
  },
}

const counts = ({ classes }: TextFacts) =>
  Object.fromEntries(Object.entries(classes).map(([name, one]) => [name, one?.rows ?? 0]))

interface Mixture {
  readonly short: string
  readonly long: string
}

function mixture(column: ColumnFacts, { classes }: TextFacts): Mixture | undefined {
  const rows = (...names: TextClass[]) => names.reduce((sum, name) => sum + (classes[name]?.rows ?? 0), 0)
  const examples = (...names: TextClass[]) => {
    const shown = names.flatMap((name) => classes[name]?.examples ?? []).slice(0, 3)
    return shown.map((value) => shownValue(column, value)).join(', ')
  }
  // Codes such as 02139 are numbers only by chance.
  const numbers = rows('digits') > 0 ? 0 : rows('number', 'written-number')
  const formats = DATE_FORMATS.filter((format) => rows(`date:${format}`) > 0)
  const dates = formats.reduce((sum, format) => sum + rows(`date:${format}`), 0)
  const rest = rows('word', 'other', 'digits') + (rows('digits') > 0 ? rows('number', 'written-number') : 0)
  const all = numbers + dates + rest
  if (all === 0) return undefined
  const share = (part: number) => percent(part / all)
  const strangers = examples('other', 'word', 'digits')

  if (dates / all >= MOST && certainFormats(formats).length > 1) {
    const told = formats.map((format) => `${format} ${share(rows(`date:${format}`))}`).join(', ')
    const isSwapped = formats.includes('DD/MM/YYYY') && formats.includes('MM/DD/YYYY')
    const long = isSwapped ? `day and month change places: ${told}` : `dates in several formats: ${told}`
    return { short: isSwapped ? 'day and month change places' : `${formats.length} date formats`, long }
  }
  if (dates / all >= MOST && dates < all) {
    return {
      short: `${share(all - dates)} are not dates`,
      long: `${share(dates)} are dates; the rest is not: ${examples('number', 'written-number', 'other', 'word')}`,
    }
  }
  if (numbers / all >= MOST && numbers < all) {
    const others = dates > 0 ? `${share(dates)} dates` : strangers
    return { short: `${share(all - numbers)} are not numbers`, long: `${share(numbers)} are numbers; the rest is not: ${others}` }
  }
  const written = rows('written-number')
  if (numbers === all && written > 0) {
    return {
      short: 'numbers that do not read as numbers',
      long: `numbers as people write them, which programs do not read: ${examples('written-number')}`,
    }
  }
  const words = rows('word')
  if (numbers > 0 && numbers / all <= 1 - MOST && words / (all - numbers) >= 0.95) {
    return {
      short: `${share(numbers)} are numbers`,
      long: `words, but ${share(numbers)} are numbers: ${examples('number', 'written-number')}`,
    }
  }
  return undefined
}

/** A date such as 03/04/2020 is of either of two formats, so it adds none where one of them occurs. */
function certainFormats(formats: readonly string[]): string[] {
  const hasOther = formats.includes('DD/MM/YYYY') || formats.includes('MM/DD/YYYY')
  return formats.filter((format) => format !== AMBIGUOUS_DATE || !hasOther)
}
