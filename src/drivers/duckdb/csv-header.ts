import { UserError } from '../../core/errors.ts'
import type { DataFile } from './data-file.ts'
import { openText } from './text-file.ts'

/** More than any header needs; a file without line ends must not be read whole in search of one. */
const MOST_HEADER_BYTES = 1 << 20
const DELIMITERS = [',', ';', '\t', '|'] as const

/** How a CSV file is written, as far as its reader says; the rest is seen from its first record. */
export interface CsvOptions {
  /** One ASCII character. By default a tab in .tsv, elsewhere the most frequent of `,` `;` tab `|` in the header. */
  readonly delimiter?: string | undefined
  /** One ASCII character, `"` by default, doubled inside quotes; empty when nothing is quoted. */
  readonly quote?: string | undefined
  /** Whether the first record is names (the default) and not data. */
  readonly header?: boolean | undefined
}

/** How a CSV file is written. */
export interface CsvHeader {
  readonly delimiter: string
  readonly quote: string
  /** Whether the first record is names. */
  readonly named: boolean
  /** A column without a name is `column0`, `column1`, … by its place. */
  readonly columns: readonly string[]
  /** Blank lines before the header. */
  readonly blankLines: number
}

/**
 * Reads the first record of a CSV or TSV file, in UTF-8. We do not leave this to DuckDB's sniffer: on a file with one bad line it finds some other
 * dialect in which that line is good, such as a single column named `id,name,amount`.
 *
 * @returns undefined when the file holds nothing but blank lines
 * @throws UserError E_FILE_FORMAT when it is not text, two columns have one name, or there is no end to the header
 */
export async function readCsvHeader({ path, name: display }: DataFile, options: CsvOptions = {}): Promise<CsvHeader | undefined> {
  const { quote = '"', header: named = true } = options
  const { text, atEnd } = await beginning(path, display, quote)
  const blankLines = /^(?:[ \t]*(?:\r\n|\n|\r))*/.exec(text)![0]
  const { record, closed } = firstRecord(text.slice(blankLines.length), quote)
  if (record.trim() === '') return undefined
  if (!closed && !atEnd) {
    throw new UserError('E_FILE_FORMAT', `${display}: the header does not end within ${MOST_HEADER_BYTES} bytes`, {
      hint: 'Is it CSV?',
      location: { file: display, line: 1 },
    })
  }
  const delimiter = options.delimiter ?? (/\.tsv(\.gz|\.zst)?$/i.test(path) ? '\t' : mostFrequentDelimiter(record, quote))
  const columns = splitRecord(record, delimiter, quote).map((name, i) => (named && name) || `column${i}`)
  const line = blankLines.split(/\r\n|\n|\r/).length
  requireDistinct(columns, display, line)
  return { delimiter, quote, named, columns, blankLines: line - 1 }
}

/** DuckDB does not tell names apart by case. */
function requireDistinct(columns: readonly string[], file: string, line: number): void {
  const seen = new Map<string, string>()
  for (const name of columns) {
    const before = seen.get(name.toLowerCase())
    seen.set(name.toLowerCase(), name)
    if (before === undefined) continue
    const what = before === name ? `two columns are named "${name}"` : `the columns "${before}" and "${name}" differ only in case`
    throw new UserError('E_FILE_FORMAT', `${file}:${line}: ${what}`, {
      hint: 'Rename one of them, so that it is clear which one is meant.',
      location: { file, line },
    })
  }
}

async function beginning(path: string, display: string, quote: string): Promise<{ text: string; atEnd: boolean }> {
  const chunks: Buffer[] = []
  let bytes = 0
  let atEnd = true
  for await (const chunk of openText(path) as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes < MOST_HEADER_BYTES && !firstRecord(Buffer.concat(chunks).toString('utf8').trimStart(), quote).closed) continue
    atEnd = false
    break
  }
  const text = Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
  if (text.includes('\0')) {
    throw new UserError('E_FILE_FORMAT', `${display} is not text in UTF-8: it holds zero bytes`, {
      hint: 'Save it as CSV in UTF-8, or say its encoding.',
      location: { file: display, line: 1 },
    })
  }
  return { text, atEnd }
}

/** The text up to the first line end outside quotes. */
function firstRecord(text: string, quote: string): { record: string; closed: boolean } {
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    if (text[i] === quote) quoted = !quoted
    else if (!quoted && (text[i] === '\n' || text[i] === '\r')) return { record: text.slice(0, i), closed: true }
  }
  return { record: text, closed: false }
}

function mostFrequentDelimiter(record: string, quote: string): string {
  const outsideQuotes = record
    .split(quote || '\0')
    .filter((_part, i) => i % 2 === 0)
    .join('')
  const count = (delimiter: string) => outsideQuotes.split(delimiter).length - 1
  return DELIMITERS.reduce((best, candidate) => (count(candidate) > count(best) ? candidate : best))
}

function splitRecord(record: string, delimiter: string, quote: string): string[] {
  const fields: string[] = []
  let field = ''
  let quoted = false
  for (let i = 0; i < record.length; i++) {
    const character = record[i]!
    if (character === quote) {
      if (quoted && record[i + 1] === quote) field += record[++i]!
      else quoted = !quoted
    } else if (character === delimiter && !quoted) {
      fields.push(field)
      field = ''
    } else field += character
  }
  return [...fields, field].map((name) => name.trim())
}
