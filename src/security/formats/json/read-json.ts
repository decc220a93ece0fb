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
const MOST_VALUES = 20_000_000
/** Values that are kept: most of a vocabulary or a tree are not. */
const MOST_KEPT = 2_000_000
/** From this member on, objects and lists keep only what a check may ask for. */
const LARGE = 1000
/** Lists of texts that mean something, by the key that they stand under. */
const LISTS_OF_TEXTS = new Set(['auto_map', 'chat_template', 'chat_templates', 'template', 'paths'])
/** Keys that are asked for even where their value is a number. */
const ASKED_FOR = new Set(['idx', 'path', 'name', 'config', 'module', 'registered_name', 'modelName', '__module__', '__class__'])
const NOTHING: readonly JsonValue[] = Object.freeze([])
/** Up to this many keys are compared with each other one by one. */
const FEW = 8
const QUOTE = 0x22
const BACKSLASH = 0x5c

/**
 * Reads JSON as the most permissive of its loaders does: duplicate keys, `NaN`, `Infinity`, control characters in strings and
 * several values in a row are taken. Nesting is at most 500 deep, and there are at most twenty million values.
 *
 * What no check asks for is not kept, so that a tokenizer or a forest does not fill the memory: lists of texts and numbers are
 * empty, except below a few keys, and of the numbers of a large object only the first thousand are there.
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
  private kept = 0
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
      values.push(this.value(0, false))
      this.space()
    } while (this.at < this.text.length)
    return { values, duplicateKey: this.duplicateKey }
  }

  private value(depth: number, keepsTexts: boolean): JsonValue {
    if (depth > DEEPEST) throw new NotJson('it is nested too deeply', this.at)
    if (++this.count > MOST_VALUES) throw new NotJson('it has more values than the scan may read', this.at)
    this.space()
    const letter = this.text.charCodeAt(this.at)
    if (letter === 0x7b) return this.object(depth, keepsTexts)
    if (letter === 0x5b) return this.array(depth, keepsTexts)
    return letter === QUOTE ? this.string() : this.word()
  }

  private object(depth: number, keepsTexts: boolean): JsonObject {
    const start = this.at++
    const entries: [string, JsonValue][] = []
    let seen: Set<string> | undefined
    for (let first = true; !this.ends('}'); first = false) {
      if (!first) this.expect(',')
      this.space()
      const read = this.string()
      const key = this.keys.get(read) ?? read
      if (this.keys.size < 10_000) this.keys.set(key, key)
      if (this.duplicateKey === undefined) {
        if (entries.length >= FEW) seen ??= new Set(entries.map(([name]) => name))
        if (seen ? seen.has(key) : entries.some(([name]) => name === key)) this.duplicateKey = key
        seen?.add(key)
      }
      this.space()
      this.expect(':')
      const value = this.value(depth + 1, keepsTexts || LISTS_OF_TEXTS.has(key))
      if (value === null && entries.length >= LARGE && !ASKED_FOR.has(key)) continue
      this.keep()
      entries.push([key, value])
    }
    // A list that grew has room for more: a copy has none.
    return new JsonObject(entries.slice(), start)
  }

  /** Only objects, and lists that have some in them, matter to the checks; the others are there for the places of these. */
  private array(depth: number, keepsTexts: boolean): readonly JsonValue[] {
    this.at++
    const values: JsonValue[] = []
    let matters = false
    for (let first = true; !this.ends(']'); first = false) {
      if (!first) this.expect(',')
      const value = this.value(depth + 1, keepsTexts)
      const isKept = keepsTexts || (typeof value === 'object' && value !== null && value !== NOTHING)
      matters ||= isKept
      if (!isKept && values.length >= LARGE) continue
      this.keep()
      values.push(isKept ? value : null)
    }
    if (!matters) this.kept -= values.length
    return matters ? values : NOTHING
  }

  private keep(): void {
    if (++this.kept > MOST_KEPT) throw new NotJson('it has more values than the scan may read', this.at)
  }

  /** A number, `true`, `false`, `null`, `NaN` or `Infinity`. */
  private word(): JsonValue {
    const start = this.at
    while (this.at < this.text.length && isWordLetter(this.text.charCodeAt(this.at))) this.at++
    const word = this.text.slice(start, this.at)
    if (word === 'true' || word === 'false') return word === 'true'
    if (word === 'null' || word === 'NaN' || word === 'Infinity' || word === '-Infinity') return null
    if (word.length <= 5000 && /^-?\d+(\.\d*)?([eE][+-]?\d+)?$/.test(word)) return null
    throw new NotJson(`${JSON.stringify(word.slice(0, 40))} is no value`, start)
  }

  private string(): string {
    const { text } = this
    if (text.charCodeAt(this.at) !== QUOTE) throw new NotJson('a text is missing', this.at)
    let start = ++this.at
    let result = ''
    for (;;) {
      const letter = text.charCodeAt(this.at)
      if (letter === QUOTE) {
        const rest = text.slice(start, this.at++)
        return result === '' ? rest : result + rest
      }
      if (Number.isNaN(letter)) throw new NotJson('a text does not end', start)
      if (letter !== BACKSLASH) {
        this.at++
        continue
      }
      result += text.slice(start, this.at)
      const escape = text[this.at + 1] ?? ''
      if (escape === 'u') {
        const hex = text.slice(this.at + 2, this.at + 6)
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
