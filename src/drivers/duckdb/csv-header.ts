import { UserError } from '../../core/errors.ts'
import { openText } from './text-file.ts'

/** More than any header needs; a file without line ends must not be read whole in search of one. */
const MOST_HEADER_BYTES = 1 << 20
const DELIMITERS = [',', ';', '\t', '|'] as const

/** How a CSV file is written, from its first record. The rest is fixed: quote `"`, doubled inside, and always a header. */
export interface CsvHeader {
  readonly delimiter: string
  /** A column without a name is `column0`, `column1`, … by its place. */
  readonly columns: readonly string[]
  /** Blank lines before the header. */
  readonly blankLines: number
}

/**
 * Reads the header of a CSV or TSV file. We do not leave this to DuckDB's sniffer: on a file with one bad line it finds some other
 * dialect in which that line is good, such as a single column named `id,name,amount`.
 *
 * @returns undefined when the file holds nothing but blank lines
 * @throws UserError E_FILE_FORMAT when it is not text, two columns have one name, or there is no end to the header
 */
export async function readCsvHeader(path: string, display: string): Promise<CsvHeader | undefined> {
  const { text, atEnd } = await beginning(path, display)
  const blankLines = /^(?:[ \t]*(?:\r\n|\n|\r))*/.exec(text)![0]
  const { record, closed } = firstRecord(text.slice(blankLines.length))
  if (record.trim() === '') return undefined
  if (!closed && !atEnd) {
    throw new UserError('E_FILE_FORMAT', `${display}: the header does not end within ${MOST_HEADER_BYTES} bytes`, {
      hint: 'Is it CSV?',
      location: { file: display, line: 1 },
    })
  }
  const delimiter = /\.tsv(\.gz)?$/i.test(path) ? '\t' : mostFrequentDelimiter(record)
  const columns = splitRecord(record, delimiter).map((name, i) => name || `column${i}`)
  const line = blankLines.split(/\r\n|\n|\r/).length
  requireDistinct(columns, display, line)
  return { delimiter, columns, blankLines: line - 1 }
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

async function beginning(path: string, display: string): Promise<{ text: string; atEnd: boolean }> {
  const chunks: Buffer[] = []
  let bytes = 0
  let atEnd = true
  for await (const chunk of openText(path) as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes < MOST_HEADER_BYTES && !firstRecord(Buffer.concat(chunks).toString('utf8').trimStart()).closed) continue
    atEnd = false
    break
  }
  const text = Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
  if (text.includes('\0')) {
    throw new UserError('E_FILE_FORMAT', `${display} is not text in UTF-8: it holds zero bytes`, {
      hint: 'Save it as CSV in UTF-8.',
      location: { file: display, line: 1 },
    })
  }
  return { text, atEnd }
}

/** The text up to the first line end outside quotes. */
function firstRecord(text: string): { record: string; closed: boolean } {
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '"') quoted = !quoted
    else if (!quoted && (text[i] === '\n' || text[i] === '\r')) return { record: text.slice(0, i), closed: true }
  }
  return { record: text, closed: false }
}

function mostFrequentDelimiter(record: string): string {
  const outsideQuotes = record.replace(/"(?:[^"]|"")*"/g, '')
  const count = (delimiter: string) => outsideQuotes.split(delimiter).length - 1
  return DELIMITERS.reduce((best, candidate) => (count(candidate) > count(best) ? candidate : best))
}

function splitRecord(record: string, delimiter: string): string[] {
  const fields: string[] = []
  let field = ''
  let quoted = false
  for (let i = 0; i < record.length; i++) {
    const character = record[i]!
    if (character === '"') {
      if (quoted && record[i + 1] === '"') field += record[++i]!
      else quoted = !quoted
    } else if (character === delimiter && !quoted) {
      fields.push(field)
      field = ''
    } else field += character
  }
  return [...fields, field].map((name) => name.trim())
}
