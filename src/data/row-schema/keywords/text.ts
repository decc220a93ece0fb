import { z } from 'zod'
import { literal } from '../../../drivers/duckdb.ts'
import { and, not } from '../../scan/cell.ts'
import { FORMATS, holdsFormat, type Format } from '../format.ts'
import { toRe2 } from '../pattern.ts'
import { keyword, plain, type Keyword } from './keyword.ts'

const Length = z.int('it must be a whole number').min(0, 'it must not be negative')

/** A demand on the length of text, in Unicode code points. */
const onLength = (name: string, operator: '<' | '>', summary: string, example: number): Keyword =>
  keyword<number>({
    name,
    about: 'text',
    summary,
    example,
    read: plain(Length),
    broken: ({ string }, length) => and(string.when, `(length(${string.value}) ${operator} ${length})`),
    phrase: (length) => `${name} ${length}`,
  })

export interface Pattern {
  readonly source: string
  /** In RE2's syntax. */
  readonly re2: string
}

export const TEXT_KEYWORDS: readonly Keyword[] = [
  onLength('minLength', '<', 'A text has at least this many characters (Unicode code points).', 1),
  onLength('maxLength', '>', 'A text has at most this many characters (Unicode code points).', 80),
  keyword<Pattern>({
    name: 'pattern',
    about: 'text',
    summary: 'The regular expression (ECMAScript) is found in a text. It is a search: anchor it with ^ and $.',
    example: '^[A-Z]{2}[0-9]+$',
    read: plain(
      z.string('it must be text').transform((source, context) => {
        try {
          return { source, re2: toRe2(source) }
        } catch (error) {
          context.addIssue({ code: 'custom', message: (error as Error).message })
          return z.NEVER
        }
      }),
    ),
    broken: ({ string }, { re2 }) => and(string.when, not(`regexp_matches(${string.value}, ${literal(re2)})`)),
    phrase: ({ source }) => `pattern ${source}`,
  }),
  keyword<Format>({
    name: 'format',
    about: 'text',
    summary: `A text is written in this format, one of ${FORMATS.join(', ')}.`,
    example: 'date',
    read: plain(z.enum(FORMATS, `it must be one of ${FORMATS.join(', ')}`)),
    broken: ({ string }, format) => and(string.when, not(holdsFormat(string, format))),
    phrase: (format) => `format ${format}`,
  }),
]
