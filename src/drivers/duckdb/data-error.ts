import { createInterface } from 'node:readline'
import { messageOf, UserError } from '../../core/errors.ts'
import { displayPath } from '../files.ts'
import type { CsvHeader } from './csv-header.ts'
import { CsvScanner, type CsvFault } from './csv-scanner.ts'
import type { DataFormat } from './data-files.ts'
import { openText } from './text-file.ts'

/** What is known of the data when reading it goes wrong. */
export interface ReadAttempt {
  readonly cwd: string
  readonly path: string
  readonly format: DataFormat
  readonly files: readonly string[]
  readonly csv?: CsvHeader | undefined
}

/**
 * DuckDB's error about a data file as one that says which file, which line, and what to do. DuckDB counts records where people
 * count lines, and names no line at all for some mistakes, so the place is looked up in the file itself.
 */
export async function dataError(error: unknown, attempt: ReadAttempt): Promise<unknown> {
  if (error instanceof UserError) return error
  if (!isReadError(error)) return error
  const { cwd, path, format } = attempt
  const found = format === 'parquet' ? undefined : await findFault(attempt)
  if (found) {
    const file = displayPath(cwd, found.file)
    return new UserError('E_FILE_FORMAT', `${file}:${found.line}: ${found.message}`, {
      hint: 'Put the line right, or leave it out: no line is skipped silently.',
      location: { file, line: found.line },
      ...(found.text !== undefined && { frame: `${found.line} | ${found.text}` }),
      cause: error,
    })
  }
  const message = messageOf(error).split('\n')[0]!
  const named = attempt.files.find((file) => message.includes(file)) ?? attempt.files[0]
  const file = attempt.files.length === 1 || !named ? path : displayPath(cwd, named)
  const reason = message.replace(/^[\w ]+ Error: /, '').replaceAll(named ?? '\0', file)
  return new UserError('E_FILE_FORMAT', `${file} cannot be read: ${reason}`, {
    hint: format === 'parquet' ? 'It is not Parquet, was cut off, or is damaged. Write or copy it again.' : undefined,
    location: { file },
    cause: error,
  })
}

/** DuckDB's own words for trouble with a file; a mistake in our SQL (Binder, Parser, Catalog) is a bug and stays one. */
function isReadError(error: unknown): boolean {
  return /^(Invalid Input|IO|Conversion|Out of Range|Serialization|Not implemented)\b.*Error/.test(messageOf(error))
}

interface PlacedFault extends CsvFault {
  readonly file: string
  /** The line itself, shortened. */
  readonly text?: string | undefined
}

async function findFault(attempt: ReadAttempt): Promise<PlacedFault | undefined> {
  for (const file of attempt.files) {
    const fault = attempt.csv ? await csvFault(file, attempt.csv) : await jsonFault(file)
    if (fault) return { ...fault, file, text: await lineOf(file, fault.line) }
  }
  return undefined
}

async function csvFault(file: string, { delimiter, columns, blankLines }: CsvHeader): Promise<CsvFault | undefined> {
  let wrong: CsvFault | undefined
  const scanner = new CsvScanner(delimiter, ({ line, fields, endsEmpty }) => {
    const blank = fields === 1 && endsEmpty
    const oneBeyond = fields === columns.length + 1 && endsEmpty
    if (line <= blankLines || fields === columns.length || oneBeyond || (blank && columns.length > 1)) return true
    wrong = { line, message: `expected ${columns.length} fields, found ${fields}` }
    return false
  })
  let notUtf8: CsvFault | undefined
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for await (const chunk of openText(file) as AsyncIterable<Buffer>) {
    try {
      decoder.decode(chunk, { stream: true })
    } catch {
      notUtf8 = await badEncoding(file)
      break
    }
    if (!scanner.push(chunk)) break
  }
  scanner.end()
  return wrong ?? scanner.fault ?? notUtf8 ?? scanner.mixedLineEnds
}

/** The first line that is not UTF-8. */
async function badEncoding(file: string): Promise<CsvFault | undefined> {
  let line = 1
  let rest = Buffer.alloc(0)
  for await (const chunk of openText(file) as AsyncIterable<Buffer>) {
    let from = 0
    const bytes = Buffer.concat([rest, chunk])
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      if (bytes.subarray(from, end).toString('utf8').includes('\uFFFD')) return { line, message: 'the line is not in UTF-8' }
      from = end + 1
      line++
    }
    rest = bytes.subarray(from)
  }
  return { line, message: 'the line is not in UTF-8' }
}

async function jsonFault(file: string): Promise<CsvFault | undefined> {
  // A .json file may hold one array over many lines, which JSON.parse of lines knows nothing about.
  if (/\.json(\.gz)?$/i.test(file)) return undefined
  let number = 0
  for await (const line of createInterface({ input: openText(file), crlfDelay: Infinity })) {
    number++
    if (line.trim() === '') continue
    try {
      JSON.parse(line)
    } catch (error) {
      return { line: number, message: `the line is not JSON: ${messageOf(error)}` }
    }
  }
  return undefined
}

async function lineOf(file: string, wanted: number): Promise<string | undefined> {
  let number = 0
  const lines = createInterface({ input: openText(file), crlfDelay: Infinity })
  try {
    for await (const line of lines) if (++number === wanted) return line.length > 120 ? `${line.slice(0, 120)}…` : line
  } finally {
    lines.close()
  }
  return undefined
}
