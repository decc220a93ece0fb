import { wilson } from '../../../stats/proportion.ts'
import type { ColumnScan } from '../facts/columns.ts'
import type { QualityData } from '../facts/quality-data.ts'
import { VALUE_COUNTS, type CountedColumn } from '../facts/value-counts.ts'
import { COMPACT, MACROS, type Detector } from './detector.ts'
import { DETECTORS } from './detectors.ts'
import { maskText } from './mask.ts'

/** Personal data of one kind in one column. No value is kept, only its form. */
export interface PersonalDataFacts {
  readonly kind: string
  readonly title: string
  /** Rows with a value that passes the check. */
  readonly rows: number
  /** Different values that have the form, and those of them that pass the check; rows where values were not counted. */
  readonly candidates: number
  readonly valid: number
  readonly example: string
}

/** Whole numbers below this have fewer digits than any number of a person. */
const SMALLEST_NUMBER = 1e8
/** What every candidate has: an at sign, or eight characters with two digits that nothing but a separator comes between. */
const COULD_BE = String.raw`contains(v0, '@') OR (strlen(v0) >= 8 AND regexp_matches(v0, '[0-9][0-9 ./()-]*[0-9]'))`

/**
 * Looks for personal data in text, and in whole numbers of many digits.
 *
 * @returns by column number; columns without any are left out
 */
export async function findPersonalData(
  data: QualityData,
  scans: readonly ColumnScan[],
  counted: ReadonlyMap<number, CountedColumn>,
): Promise<ReadonlyMap<number, readonly PersonalDataFacts[]>> {
  for (const macro of MACROS) await data.duckdb.run(macro)
  const found = new Map<number, PersonalDataFacts[]>()
  const columns = data.columns.flatMap(({ isText }, i) => (isText || isLongNumber(scans[i]!) ? [i] : []))
  const add = (i: number, answer: string) => {
    const facts = readAnswer(JSON.parse(answer) as Answer)
    if (facts.length > 0) found.set(i, facts)
  }

  const few = columns.filter((i) => counted.has(i))
  if (few.length > 0) {
    // A counted number may have been a double, whose text ends in .0.
    const sql = `SELECT i, regexp_replace(value, '\\.0$', '') AS v0, rows FROM ${VALUE_COUNTS} WHERE i IN (${few.join(', ')})`
    const rows = await data.duckdb.query<{ i: number; found: string }>(
      `SELECT i, ${tally('rows')} AS found FROM ${examined(sql)} GROUP BY i`,
    )
    for (const { i, found: answer } of rows) add(i, answer)
  }
  for (const i of columns.filter((one) => !counted.has(one))) {
    const [row] = await data.duckdb.query<{ found: string }>(
      `SELECT ${tally('1')} AS found FROM ${examined(`SELECT ${wholeText(data, i)} AS v0 FROM ${data.typed.sql}`)}`,
    )
    add(i, row!.found)
  }
  return found
}

function isLongNumber({ numbers }: ColumnScan): boolean {
  return numbers !== undefined && numbers.integers && numbers.max >= SMALLEST_NUMBER && numbers.min >= 0
}

function wholeText({ columns }: QualityData, i: number): string {
  const { value, asText, isText } = columns[i]!
  if (isText) return asText
  return `CASE WHEN isfinite(CAST(${value} AS DOUBLE)) THEN CAST(TRY_CAST(${value} AS HUGEINT) AS VARCHAR) END`
}

/** The texts `v0` of a query that could be anything, and for each detector the candidate (c3) and whether it is valid (ok3). */
function examined(sql: string): string {
  const names = { v: 'v0', d: 'd0' }
  const candidates = DETECTORS.map(({ candidate }, at) => `${substitute(candidate, names)} AS c${at}`)
  const valid = DETECTORS.map(({ check }, at) => {
    const c = `c${at}`
    return `${check === undefined ? `${c} IS NOT NULL` : `CASE WHEN ${c} IS NOT NULL THEN ${substitute(check, { c })} END`} AS ok${at}`
  })
  const compact = `SELECT *, ${substitute(COMPACT, names)} AS d0 FROM (${sql}) WHERE ${COULD_BE}`
  return `(SELECT *, ${valid.join(', ')} FROM (SELECT *, ${candidates.join(', ')} FROM (${compact})))`
}

/** Counts by kind, as JSON text: candidates, valid ones, rows with a valid one, an example. */
function tally(rows: string): string {
  const fields = DETECTORS.map((_detector, at) => {
    const ok = `ok${at}`
    return `'k${at}': {'candidates': count(c${at}), 'valid': count_if(${ok}),
      'rows': sum(${rows}) FILTER (WHERE ${ok})::BIGINT, 'example': min(left(v0, 60)) FILTER (WHERE ${ok})}`
  })
  return `to_json({${fields.join(', ')}})::VARCHAR`
}

/** Puts expressions in the place of the one-letter names. Lambda parameters have other letters, and so have texts in quotes. */
function substitute(sql: string, names: Readonly<Record<string, string>>): string {
  return sql.replaceAll(/'[^']*'|\b[a-z]\b(?!\()/g, (word) => names[word] ?? word)
}

type Answer = Readonly<Record<string, { candidates: number; valid: number; rows: number | null; example: string | null }>>

function readAnswer(answer: Answer): PersonalDataFacts[] {
  return DETECTORS.flatMap((detector, at) => {
    const { candidates, valid, rows, example } = answer[`k${at}`]!
    if (!isTelling(detector, candidates, valid)) return []
    const { kind, title } = detector
    return [{ kind, title, rows: Number(rows), candidates, valid, example: maskText(example ?? '') }]
  })
}

/** Whether more candidates pass the check than chance explains: the lower bound of their share is twice what chance gives. */
function isTelling({ chance, least }: Detector, candidates: number, valid: number): boolean {
  return valid >= least && wilson(valid, candidates).lower > 2 * chance
}
