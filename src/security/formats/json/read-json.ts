/** A JSON value as a loader may see it. Numbers are not looked at: they are `null`. */
export type JsonValue = null | boolean | string | JsonArray | JsonObject
export interface JsonArray extends ReadonlyArray<JsonValue> {}

/** An object with every value that stands in it: of a key that is given twice, readers take either the first or the last. */
export class JsonObject {
  readonly entries: readonly (readonly [key: string, value: JsonValue])[]
  /** Where it begins, in UTF-16 units of the text. */
  readonly start: number

  constructor(entries: readonly (readonly [string, JsonValue])[], start: number) {
    this.entries = entries
    this.start = start
  }

  /** The last value of a key, as most readers have it. */
  get(key: string): JsonValue | undefined {
    return this.entries.findLast(([name]) => name === key)?.[1]
  }

  has(key: string): boolean {
    return this.entries.some(([name]) => name === key)
  }

  /** The value of a key where it is text. */
  text(key: string): string | undefined {
    const value = this.get(key)
    return typeof value === 'string' ? value : undefined
  }

  object(key: string): JsonObject | undefined {
    const value = this.get(key)
    return value instanceof JsonObject ? value : undefined
  }

  list(key: string): readonly JsonValue[] {
    const value = this.get(key)
    return isList(value) ? value : []
  }
}

export const isObject = (value: JsonValue | undefined): value is JsonObject => value instanceof JsonObject
export const isList = (value: JsonValue | undefined): value is JsonArray => Array.isArray(value)

export interface ReadJson {
  /** One value, or several where a file has one a line. */
  readonly values: readonly JsonValue[]
  /** The first key that an object has twice. */
  readonly duplicateKey: string | undefined
}

/** What is wrong with a text that should be JSON, and where. */
export class NotJson extends Error {
  readonly offset: number
  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

const DEEPEST = 500
const MOST_VALUES = 5_000_000

/**
 * Reads JSON as the most permissive of its loaders does: duplicate keys, `NaN`, `Infinity`, control characters in strings and
 * several values in a row are taken. Nesting is at most 500 deep, and there are at most five million values.
 *
 * @throws NotJson when no loader would read it, or a bound was hit
 */
export function readJson(text: string): ReadJson {
  return new Reader(text).read()
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

class Reader {
  private readonly text: string
  private at = 0
  private count = 0
  private duplicateKey: string | undefined
  /** Names of fields are the same again and again: each is kept once. */
  private readonly keys = new Map<string, string>()

  constructor(text: string) {
    this.text = text
    if (text.startsWith('\uFEFF')) this.at = 1
  }

  read(): ReadJson {
    const values: JsonValue[] = []
    do {
      values.push(this.value(0))
      this.space()
    } while (this.at < this.text.length)
    return { values, duplicateKey: this.duplicateKey }
  }

  private value(depth: number): JsonValue {
    if (depth > DEEPEST) throw new NotJson('it is nested too deeply', this.at)
    if (++this.count > MOST_VALUES) throw new NotJson('it has more values than the scan may read', this.at)
    this.space()
    const letter = this.text[this.at]
    if (letter === '{') return this.object(depth)
    if (letter === '[') return this.array(depth)
    if (letter === '"') return this.string()
    return this.word()
  }

  private object(depth: number): JsonObject {
    const start = this.at++
    const entries: [string, JsonValue][] = []
    const seen = new Set<string>()
    for (let first = true; !this.ends('}'); first = false) {
      if (!first) this.expect(',')
      this.space()
      const read = this.string()
      const key = this.keys.get(read) ?? read
      if (this.keys.size < 10_000) this.keys.set(key, key)
      if (seen.has(key)) this.duplicateKey ??= key
      seen.add(key)
      this.space()
      this.expect(':')
      entries.push([key, this.value(depth + 1)])
    }
    return new JsonObject(entries, start)
  }

  private array(depth: number): JsonValue[] {
    this.at++
    const values: JsonValue[] = []
    for (let first = true; !this.ends(']'); first = false) {
      if (!first) this.expect(',')
      values.push(this.value(depth + 1))
    }
    return values
  }

  /** A number, `true`, `false`, `null`, `NaN` or `Infinity`. */
  private word(): JsonValue {
    const start = this.at
    while (this.at < this.text.length && isWordLetter(this.text.charCodeAt(this.at))) this.at++
    const word = this.text.slice(start, this.at)
    if (word === 'true' || word === 'false') return word === 'true'
    if (word === 'null' || word === 'NaN' || /^-?Infinity$/.test(word)) return null
    if (word.length <= 5000 && /^-?\d+(\.\d*)?([eE][+-]?\d+)?$/.test(word)) return null
    throw new NotJson(`${JSON.stringify(word.slice(0, 40))} is no value`, start)
  }

  private string(): string {
    if (this.text[this.at] !== '"') throw new NotJson('a text is missing', this.at)
    let start = ++this.at
    let result = ''
    for (;;) {
      const letter = this.text[this.at]
      if (letter === undefined) throw new NotJson('a text does not end', start)
      if (letter === '"') {
        result += this.text.slice(start, this.at++)
        return result
      }
      if (letter !== '\\') {
        this.at++
        continue
      }
      result += this.text.slice(start, this.at)
      const escape = this.text[this.at + 1] ?? ''
      if (escape === 'u') {
        const hex = this.text.slice(this.at + 2, this.at + 6)
        if (!/^[0-9a-fA-F]{4}$/.test(hex)) throw new NotJson('an escape is not complete', this.at)
        result += String.fromCharCode(Number.parseInt(hex, 16))
        this.at += 6
      } else {
        result += ESCAPES[escape] ?? escape
        this.at += 2
      }
      start = this.at
    }
  }

  private ends(letter: string): boolean {
    this.space()
    if (this.text[this.at] !== letter) {
      if (this.at >= this.text.length) throw new NotJson('it breaks off', this.at)
      return false
    }
    this.at++
    return true
  }

  private expect(letter: string): void {
    this.space()
    if (this.text[this.at] !== letter) throw new NotJson(`"${letter}" is missing`, this.at)
    this.at++
  }

  private space(): void {
    while (isSpace(this.text.charCodeAt(this.at))) this.at++
  }
}

const isSpace = (code: number) => code === 32 || (code >= 9 && code <= 13)
const isWordLetter = (code: number) =>
  (code >= 48 && code <= 57) ||
  (code >= 65 && code <= 90) ||
  (code >= 97 && code <= 122) ||
  code === 43 ||
  code === 45 ||
  code === 46
