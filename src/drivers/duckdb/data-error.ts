import { createInterface } from 'node:readline'
import { count } from '../../core/counts.ts'
import { messageOf, UserError } from '../../core/errors.ts'
import type { CsvHeader } from './csv-header.ts'
import { CsvScanner, type CsvFault } from './csv-scanner.ts'
import type { DataFile } from './data-file.ts'
import type { DataFormat } from './data-files.ts'
import { fileError } from './file-error.ts'
import { openText } from './text-file.ts'

/** What is known of the data when reading it goes wrong. */
export interface ReadAttempt {
  /** The data, as messages call it. */
  readonly path: string
  readonly format: DataFormat
  readonly files: readonly DataFile[]
  readonly csv?: CsvHeader | undefined
}

/** Lines that are named when more than one is wrong. */
const NAMED_LINES = 5

/**
 * DuckDB's error about a data file as one that says which file, which line, how many lines, and what to do. DuckDB counts records where people
 * count lines, and names no line at all for some mistakes, so the place is looked up in the file itself.
 */
export async function dataError(error: unknown, attempt: ReadAttempt): Promise<unknown> {
  if (error instanceof UserError) return error
  if (isSystemError(error)) return fileError(error, fileIn(messageOf(error), attempt)?.name ?? attempt.path) ?? error
  if (messageOf(error).startsWith('Out of Memory Error')) return memoryError(error, attempt.path)
  if (!isReadError(error)) return error
  try {
    const found = attempt.format === 'parquet' ? undefined : await findFault(attempt)
    if (found) return faultError(found, error)
  } catch (lookup) {
    // The file that DuckDB could not read, we cannot either.
    const refused = fileError(lookup, attempt.path)
    if (refused) return refused
    throw lookup
  }
  return unplacedError(error, attempt)
}

function faultError(found: PlacedFault, cause: unknown): UserError {
  const { file, line, others = [], bad = 1 } = found
  const more =
    bad > 1 ? `; ${count(bad - 1, 'more line')} like it: ${others.join(', ')}${bad - 1 > others.length ? ', …' : ''}` : ''
  return new UserError('E_FILE_FORMAT', `${file.name}:${line}: ${found.message}${more}`, {
    hint: `Put the ${bad > 1 ? 'lines' : 'line'} right, or leave ${bad > 1 ? 'them' : 'it'} out: no line is skipped silently.`,
    location: { file: file.name, line },
    ...(found.text !== undefined && { frame: `${line} | ${found.text}` }),
    cause,
  })
}

function unplacedError(error: unknown, attempt: ReadAttempt): UserError {
  const message = messageOf(error).split('\n')[0]!
  const named = fileIn(message, attempt)
  const name = named?.name ?? attempt.path
  if (/No such file or directory|Cannot open file|No files found/i.test(message)) {
    return fileError(Object.assign(new Error(message), { code: 'ENOENT' }), name)!
  }
  const reason = message
    .replace(/^[\w ]*Error: /, '')
    .replaceAll(named?.path ?? '\0', name)
    .replace(/ in file '.*?'|^Error in file ".*?": /, '')
  return new UserError('E_FILE_FORMAT', `${name} cannot be read: ${reason}`, {
    hint: attempt.format === 'parquet' ? 'It is not Parquet, was cut off, or is damaged. Write or copy it again.' : undefined,
    location: { file: name },
    cause: error,
  })
}

/** The file that a message names, or the only one there is. */
function fileIn(message: string, { files }: ReadAttempt): DataFile | undefined {
  // The longest path first: one may begin as another does.
  const named = files.filter(({ path }) => message.includes(path)).toSorted((a, b) => b.path.length - a.path.length)[0]
  return named ?? (files.length === 1 ? files[0] : undefined)
}

/** DuckDB puts aside what it can; this is what it could not, or had no room for. */
function memoryError(error: unknown, path: string): UserError {
  const reason = messageOf(error)
    .split('\n')[0]!
    .replace(/^Out of Memory Error: /, '')
  return new UserError('E_MEMORY', `There is not enough memory, or room for temporary files, to judge ${path}: ${reason}`, {
    hint: 'Free space in the temporary folder (TMPDIR names another one), or give the process more memory.',
    cause: error,
  })
}

const isSystemError = (error: unknown): boolean => typeof (error as NodeJS.ErrnoException).syscall === 'string'

/** DuckDB's own words for trouble with a file; a mistake in our SQL (Binder, Parser, Catalog) is a bug and stays one. */
function isReadError(error: unknown): boolean {
  return /^(Invalid|IO|Conversion|Out of Range|Serialization|Not implemented)\b.*Error/.test(messageOf(error))
}

interface Fault extends CsvFault {
  /** How many lines are like it, itself counted. */
  readonly bad?: number
  /** The first of the others. */
  readonly others?: readonly number[]
}

interface PlacedFault extends Fault {
  readonly file: DataFile
  /** The line itself, shortened. */
  readonly text?: string | undefined
}

async function findFault(attempt: ReadAttempt): Promise<PlacedFault | undefined> {
  for (const file of attempt.files) {
    const fault = attempt.csv ? await csvFault(file.path, attempt.csv) : await jsonFault(file)
    if (!fault) continue
    const text = await lineOf(file.path, fault.line)
    if (text?.includes('\0') !== true) return { ...fault, file, text }
    return { line: fault.line, message: 'the line holds zero bytes', file }
  }
  return undefined
}

/** Gathers lines that are wrong in the same way. */
class BadLines {
  private first: CsvFault | undefined
  private bad = 0
  private readonly others: number[] = []

  add(line: number, message: string): void {
    this.bad++
    if (this.first === undefined) this.first = { line, message }
    else if (this.others.length < NAMED_LINES) this.others.push(line)
  }

  get fault(): Fault | undefined {
    return this.first && { ...this.first, bad: this.bad, others: this.others }
  }
}

async function csvFault(file: string, csv: CsvHeader): Promise<Fault | undefined> {
  const { columns, blankLines } = csv
  const wrong = new BadLines()
  const scanner = new CsvScanner(csv, ({ line, fields, endsEmpty }) => {
    const blank = fields === 1 && endsEmpty
    const oneBeyond = fields === columns.length + 1 && endsEmpty
    if (line <= blankLines || fields === columns.length || oneBeyond || (blank && columns.length > 1)) return true
    wrong.add(line, `expected ${count(columns.length, 'field')}, found ${fields}`)
    return true
  })
  let notUtf8: Fault | undefined
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
  return wrong.fault ?? scanner.fault ?? notUtf8 ?? scanner.mixedLineEnds
}

/** The lines that are not UTF-8. */
async function badEncoding(file: string): Promise<Fault | undefined> {
  const wrong = new BadLines()
  let line = 1
  let rest = Buffer.alloc(0)
  const look = (bytes: Buffer) => {
    if (bytes.toString('utf8').includes('\uFFFD')) wrong.add(line, 'the line is not in UTF-8')
    line++
  }
  for await (const chunk of openText(file) as AsyncIterable<Buffer>) {
    let from = 0
    const bytes = Buffer.concat([rest, chunk])
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      look(bytes.subarray(from, end))
      from = end + 1
    }
    rest = bytes.subarray(from)
  }
  look(rest)
  return wrong.fault
}

async function jsonFault(file: DataFile): Promise<Fault | undefined> {
  // A .json file may hold one array over many lines, which JSON.parse of lines knows nothing about.
  if (/\.json(\.gz|\.zst)?$/i.test(file.path)) return badEncoding(file.path)
  const wrong = new BadLines()
  let number = 0
  for await (const line of createInterface({ input: openText(file.path), crlfDelay: Infinity })) {
    number++
    if (line.trim() === '') continue
    try {
      JSON.parse(line)
    } catch (error) {
      wrong.add(number, `the line is not JSON: ${messageOf(error)}`)
    }
  }
  return wrong.fault ?? badEncoding(file.path)
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
