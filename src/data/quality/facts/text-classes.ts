import { isPlainNumber, literal } from '../../../drivers/duckdb.ts'

/** Spellings of "no value" that are hardly ever a value, in lower case and without spaces around them. */
const MISSING_SPELLINGS =
  String.raw`na|n/a|n.a.|#n/a|<na>|nan|#nan|-nan|nat|null|(null)|<null>|#null!|nil|-|--|---|?|??|.|..|\n|missing
|(missing)|(blank)|(empty)|undefined|not available|not applicable|#value!|#ref!|#div/0!`
    .replaceAll('\n|', '|')
    .split('|')
/** Spellings that are a value of their own in many columns ("none" of several treatments), so they only tell beside numbers or dates. */
const UNCERTAIN_SPELLINGS = ['none', 'unknown', 'unk', 'n', 'tbd', 'inf', '-inf', '-999', '-9999']

const MONTH = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*'
/** What follows a date when there is a time, too. */
const TIME = String.raw`([T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[ap]m)?( ?(z|[+-]\d{2}:?\d{2}))?)?`

/** Ways to write a date, by the name that people know them by. */
const DATES: Readonly<Record<string, string>> = {
  'YYYY-MM-DD': String.raw`\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])`,
  'YYYY/MM/DD': String.raw`\d{4}[/.](0?[1-9]|1[0-2])[/.](0?[1-9]|[12]\d|3[01])`,
  'DD/MM/YYYY': String.raw`(1[3-9]|2\d|3[01])[/-](0?[1-9]|1[0-2])[/-](\d{4}|\d{2})`,
  'MM/DD/YYYY': String.raw`(0?[1-9]|1[0-2])[/-](1[3-9]|2\d|3[01])[/-](\d{4}|\d{2})`,
  // Both numbers could be the month.
  '??/??/YYYY': String.raw`(0?[1-9]|1[0-2])[/-](0?[1-9]|1[0-2])[/-](\d{4}|\d{2})`,
  'DD.MM.YYYY': String.raw`(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])\.(\d{4}|\d{2})`,
  'DD Month YYYY': String.raw`\d{1,2}[ .-]+${MONTH}[ .,-]+(\d{4}|\d{2})`,
  'Month DD, YYYY': String.raw`${MONTH}[ .]+\d{1,2}(st|nd|rd|th)?,? +\d{4}`,
}
export const DATE_FORMATS: readonly string[] = Object.keys(DATES)
export const AMBIGUOUS_DATE = '??/??/YYYY'

/** Numbers as people write them, which no program reads as numbers: 1,234.5, 12 %, € 5, 3,14, (12). */
const WRITTEN_NUMBERS = [
  String.raw`[-+]?[$€£¥]? ?[-+]?\d{1,3}([,' ]\d{3})+(\.\d+)?`,
  String.raw`[-+]?\d{1,3}(\.\d{3})*,\d+`,
  String.raw`[-+]?[$€£¥] ?[-+]?\d+([.,]\d+)?`,
  String.raw`[-+]?\d+([.,]\d+)? ?(%|[$€£¥]|eur|usd)`,
  String.raw`\(\d+([.,]\d+)*\)`,
]

/**
 * What text looks like. `number` reads as one, `written-number` only to people; `date:…` by its format; `missing` and
 * `maybe-missing` are spellings of no value; `digits` is a code such as 02139; `word` has no digit; `other` is any other text.
 */
export type TextClass = 'number' | 'written-number' | 'digits' | 'missing' | 'maybe-missing' | 'word' | 'other' | `date:${string}`

const fullMatch = (value: string, pattern: string): string => `regexp_full_match(${value}, ${literal(pattern)}, 'i')`
const SPACE = String.raw`[ \t\r\n\x{A0}]*`
/** A pattern, and not IN: DuckDB makes a join of a long list, for which every row is prepared, those that other questions decide too. */
const isOneOf = (value: string, texts: readonly string[]): string =>
  fullMatch(value, `${SPACE}(${texts.map((text) => text.replaceAll(/[^a-z0-9 ]/g, String.raw`\$&`)).join('|')})${SPACE}`)

/** SQL of whether text is letters and then a digit, as codes are: of class `other`, plain ASCII, without a space. One question for most codes. */
export const isCode = (value: string): string => `regexp_full_match(${value}, '[A-Za-z][A-Za-z_-]*[0-9][0-9A-Za-z_-]*')`

/** What anything that DuckDB reads as a number looks like; to try each text costs more than to look at it first. */
const NUMERIC = String.raw`\s*[-+]?[0-9]*\.?[0-9]*([eE][-+]?[0-9]*)?\s*`

/**
 * SQL of a text's class, null where it is null. The cheap questions come first: most values are asked one or two of them. What begins with a
 * letter is no number, and a date only where the letters are a month.
 *
 * @param value an SQL expression of text
 */
export function textClass(value: string): string {
  const anyDate = Object.values(DATES).join('|')
  const dates = Object.entries(DATES).map(([name, pattern]) => `WHEN ${fullMatch(value, pattern + TIME)} THEN 'date:${name}'`)
  return `CASE
    WHEN ${value} IS NULL THEN NULL
    WHEN length(${value}) <= 16 AND ${isOneOf(value, MISSING_SPELLINGS)} THEN 'missing'
    WHEN length(${value}) <= 16 AND ${isOneOf(value, UNCERTAIN_SPELLINGS)} THEN 'maybe-missing'
    WHEN regexp_full_match(${value}, ${literal(SPACE)}) THEN 'missing'
    WHEN NOT regexp_matches(${value}, '[0-9]') THEN 'word'
    WHEN length(${value}) > 40 THEN 'other'
    WHEN regexp_matches(${value}, '^ *[A-Za-z]') AND NOT regexp_matches(${value}, '^ *${MONTH}', 'i') THEN 'other'
    WHEN CASE WHEN regexp_full_match(${value}, ${literal(NUMERIC)}) THEN ${isPlainNumber(`trim(${value})`)} ELSE FALSE END THEN 'number'
    WHEN regexp_full_match(${value}, '[0-9]+') THEN 'digits'
    WHEN ${fullMatch(value, `(${anyDate})${TIME}`)} THEN CASE ${dates.join(' ')} ELSE 'other' END
    WHEN ${fullMatch(`trim(${value})`, WRITTEN_NUMBERS.join('|'))} THEN 'written-number'
    ELSE 'other' END`
}
