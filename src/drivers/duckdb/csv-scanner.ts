import type { CsvHeader } from './csv-header.ts'

const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20

/** One record of a CSV file, as far as its shape goes. */
export interface CsvRecord {
  /** Line on which it begins, from 1. */
  readonly line: number
  readonly fields: number
  /** Its last field is empty: DuckDB lets such a field stand beyond the last column. */
  readonly endsEmpty: boolean
}

/** Why CSV cannot go on from a line. */
export interface CsvFault {
  readonly line: number
  readonly message: string
}

type State = 'field-start' | 'unquoted' | 'quoted' | 'after-quote'

/**
 * Walks the bytes of RFC 4180 text (quotes doubled inside; any line end) and tells where records begin and how many fields
 * they have. DuckDB does the reading; this finds the line of a record, and the place of a mistake, which DuckDB counts
 * in records and not in lines. It holds no content.
 */
export class CsvScanner {
  private readonly delimiter: number
  /** -1 when nothing is quoted. */
  private readonly quote: number
  private readonly doubled: string
  /** Returns false to stop the walk. */
  private readonly onRecord: (record: CsvRecord) => boolean
  private state: State = 'field-start'
  private line = 1
  private recordLine = 1
  private quoteLine = 1
  private fields = 1
  private fieldBytes = 0
  private afterCr = false
  private stopped = false
  private lineEnds: 'lf' | 'crlf' | 'cr' | undefined
  /** The first record with a line end unlike those before it, which DuckDB does not read. */
  mixedLineEnds: CsvFault | undefined
  fault: CsvFault | undefined

  constructor({ delimiter, quote }: Pick<CsvHeader, 'delimiter' | 'quote'>, onRecord: (record: CsvRecord) => boolean) {
    this.delimiter = delimiter.charCodeAt(0)
    this.doubled = quote + quote
    this.quote = quote === '' ? -1 : quote.charCodeAt(0)
    this.onRecord = onRecord
  }

  /** Returns false when nothing more is wanted. */
  push(bytes: Uint8Array): boolean {
    for (let i = 0; i < bytes.length && !this.stopped; i++) this.byte(bytes[i]!)
    return !this.stopped
  }

  end(): void {
    if (this.stopped) return
    if (this.state === 'quoted') this.stop(this.quoteLine, 'a quote is opened here and never closed')
    else if (this.fields > 1 || this.fieldBytes > 0) this.endRecord()
    else if (this.afterCr) this.noteLineEnd('cr')
  }

  private byte(byte: number): void {
    if (this.afterCr) {
      this.afterCr = false
      if (byte === LF) {
        this.noteLineEnd('crlf')
        return
      }
      this.noteLineEnd('cr')
    }
    if (this.state === 'quoted') {
      if (byte === this.quote) this.state = 'after-quote'
      else if (byte === LF) this.line++
      this.fieldBytes++
      return
    }
    if (byte === LF || byte === CR) {
      this.endRecord()
      this.afterCr = byte === CR
      if (byte === LF) this.noteLineEnd('lf')
      this.recordLine = ++this.line
      return
    }
    if (byte === this.delimiter) {
      this.fields++
      this.fieldBytes = 0
      this.state = 'field-start'
      return
    }
    this.fieldBytes++
    if (byte === this.quote && this.state === 'field-start') {
      this.state = 'quoted'
      this.quoteLine = this.line
    } else if (byte === this.quote && this.state === 'after-quote') this.state = 'quoted'
    else if (this.state === 'after-quote') {
      if (byte !== SPACE)
        this.stop(this.line, `there is text after a closing quote (a quote inside a quoted field is doubled: ${this.doubled})`)
    } else if (byte !== SPACE) this.state = 'unquoted'
  }

  private endRecord(): void {
    const record = { line: this.recordLine, fields: this.fields, endsEmpty: this.fieldBytes === 0 }
    this.fields = 1
    this.fieldBytes = 0
    this.state = 'field-start'
    if (!this.onRecord(record)) this.stopped = true
  }

  private noteLineEnd(kind: 'lf' | 'crlf' | 'cr'): void {
    this.lineEnds ??= kind
    if (this.lineEnds !== kind) {
      const message = `the line ends with ${kind.toUpperCase()}, those before it with ${this.lineEnds.toUpperCase()}`
      this.mixedLineEnds ??= { line: this.line - 1, message }
    }
  }

  private stop(line: number, message: string): void {
    this.fault = { line, message }
    this.stopped = true
  }
}
