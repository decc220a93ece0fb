import type { CountedColumn } from './value-counts.ts'
import { VALUE_COUNTS } from './value-counts.ts'
import type { QualityData } from './quality-data.ts'
import { isCode, textClass, type TextClass } from './text-classes.ts'

const SHOWN = 3
const SHOWN_VARIANTS = 5

export interface TextClassFacts {
  readonly rows: number
  /** Examples; the most frequent ones where values were counted. */
  readonly examples: readonly string[]
}

/** Spellings that differ in nothing but case, spaces or the Unicode form of the same letters. */
export interface VariantGroup {
  readonly spellings: readonly { readonly value: string; readonly rows: number }[]
}

/** What the text of a column looks like. */
export interface TextFacts {
  readonly classes: Readonly<Partial<Record<TextClass, TextClassFacts>>>
  /** Rows with white space at an end or doubled inside. */
  readonly padded: number
  /** Rows with characters that nobody sees: zero-width, soft hyphen, control characters. */
  readonly invisible: number
  /** Rows that are not in Unicode's composed form (NFC). */
  readonly decomposed: number
  /** Null where there are too many different values for spellings to be compared. */
  readonly variants: { readonly groups: number; readonly rows: number; readonly shown: readonly VariantGroup[] } | null
}

/** Looks at all text columns, by different value where they were counted, and row by row in one scan where they were not. */
export async function lookAtTexts(
  data: QualityData,
  counted: ReadonlyMap<number, CountedColumn>,
): Promise<ReadonlyMap<number, TextFacts>> {
  const texts = data.columns.flatMap((column, i) => (column.isText ? [i] : []))
  return new Map([
    ...(await fromCounts(
      data,
      texts.filter((i) => counted.has(i)),
    )),
    ...(await fromRows(
      data,
      texts.filter((i) => !counted.has(i)),
    )),
  ])
}

const isPadded = (value: string): string => `regexp_matches(${value}, '^[\\s\\p{Z}]|[\\s\\p{Z}]$|[\\s\\p{Z}][\\s\\p{Z}]')`
const isInvisible = (value: string): string =>
  `regexp_matches(${value}, '[\\x{00AD}\\x{200B}-\\x{200F}\\x{2060}\\x{FEFF}\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F]')`
/** Plain ASCII is as long in bytes as in letters, and always composed. */
const isDecomposed = (value: string): string =>
  `CASE WHEN strlen(${value}) > length(${value}) THEN nfc_normalize(${value}) <> ${value} ELSE FALSE END`
/** What spellings of one thing have in common. */
const folded = (value: string): string =>
  `nfc_normalize(lower(trim(regexp_replace(${value}, '[\\s\\p{Z}\\x{200B}\\x{FEFF}]+', ' ', 'g'))))`

async function fromCounts({ duckdb }: QualityData, texts: readonly number[]): Promise<[number, TextFacts][]> {
  if (texts.length === 0) return []
  await duckdb.run(
    `CREATE TEMP TABLE texts AS SELECT i, value, rows, ${textClass('value')} AS class FROM ${VALUE_COUNTS} WHERE i IN (${texts.join(', ')})`,
  )
  const classes = await duckdb.query<{ i: number; class: TextClass; rows: number; examples: string }>(
    `SELECT i, class, sum(rows)::BIGINT AS rows, to_json(max({'rows': rows, 'value': left(value, 60)}, ${SHOWN}))::VARCHAR AS examples
     FROM texts GROUP BY i, class ORDER BY ALL`,
  )
  const marks = await duckdb.query<{ i: number; padded: number; invisible: number; decomposed: number }>(
    `SELECT i, coalesce(sum(rows) FILTER (WHERE ${isPadded('value')}), 0)::BIGINT AS padded,
       coalesce(sum(rows) FILTER (WHERE ${isInvisible('value')}), 0)::BIGINT AS invisible,
       coalesce(sum(rows) FILTER (WHERE ${isDecomposed('value')}), 0)::BIGINT AS decomposed FROM texts GROUP BY i`,
  )
  await duckdb.run(
    `CREATE TEMP TABLE variants AS SELECT i, sum(rows)::BIGINT AS rows,
       max({'rows': rows, 'value': left(value, 60)}, 4) AS spellings, sum(rows) - max(rows) AS odd
     FROM texts WHERE class <> 'missing' GROUP BY i, ${folded('value')} HAVING count(*) > 1`,
  )
  const variants = await duckdb.query<{ i: number; groups: number; rows: number; shown: string }>(
    `SELECT i, count(*) AS groups, sum(odd)::BIGINT AS rows,
       to_json(list_transform(max({'rows': rows, 's': spellings}, ${SHOWN_VARIANTS}), one -> one.s))::VARCHAR AS shown
     FROM variants GROUP BY i`,
  )
  await duckdb.run('DROP TABLE texts; DROP TABLE variants')
  return texts.map((i) => {
    const mark = marks.find((one) => one.i === i)
    const variant = variants.find((one) => one.i === i)
    const ownClasses = classes.filter((one) => one.i === i)
    return [
      i,
      {
        classes: Object.fromEntries(
          ownClasses.map((one) => [
            one.class,
            { rows: one.rows, examples: (JSON.parse(one.examples) as { value: string }[]).map(({ value }) => value) },
          ]),
        ),
        padded: mark?.padded ?? 0,
        invisible: mark?.invisible ?? 0,
        decomposed: mark?.decomposed ?? 0,
        variants: {
          groups: variant?.groups ?? 0,
          rows: variant?.rows ?? 0,
          shown: (JSON.parse(variant?.shown ?? '[]') as VariantGroup['spellings'][]).map((spellings) => ({ spellings })),
        },
      },
    ]
  })
}

/** One scan of the column for each: rows are grouped by their class. */
async function fromRows({ duckdb, typed, columns }: QualityData, texts: readonly number[]): Promise<[number, TextFacts][]> {
  const found: [number, TextFacts][] = []
  for (const i of texts) {
    // Of a code all is known, and what costs most is not asked.
    const unless = (sql: string, answer: string) => `CASE WHEN is_code THEN ${answer} ELSE ${sql} END`
    const marks = { padded: isPadded('v'), invisible: isInvisible('v'), decomposed: isDecomposed('v') }
    const counts = Object.entries(marks).map(([name, sql]) => `count_if(${unless(sql, 'FALSE')}) AS ${name}`)
    const rows = await duckdb.query<ClassRow>(
      `SELECT class, count(*) AS rows, to_json(min(left(v, 60), ${SHOWN}) FILTER (WHERE class NOT IN ('word', 'other')))::VARCHAR AS examples, ${counts.join(', ')}
       FROM (SELECT v, is_code, ${unless(textClass('v'), "'other'")} AS class
         FROM (SELECT v, ${isCode('v')} AS is_code FROM (SELECT ${columns[i]!.asText} AS v FROM ${typed.sql}) WHERE v IS NOT NULL))
       GROUP BY class ORDER BY class`,
    )
    found.push([i, readClasses(rows)])
  }
  return found
}

interface ClassRow {
  readonly class: TextClass
  readonly rows: number
  /** JSON text; null for classes of which no example is needed. */
  readonly examples: string | null
  readonly padded: number
  readonly invisible: number
  readonly decomposed: number
}

function readClasses(found: readonly ClassRow[]): TextFacts {
  const sum = (name: 'padded' | 'invisible' | 'decomposed') => found.reduce((all, row) => all + row[name], 0)
  return {
    classes: Object.fromEntries(
      found.map((row) => [row.class, { rows: row.rows, examples: JSON.parse(row.examples ?? '[]') as string[] }]),
    ),
    padded: sum('padded'),
    invisible: sum('invisible'),
    decomposed: sum('decomposed'),
    variants: null,
  }
}
