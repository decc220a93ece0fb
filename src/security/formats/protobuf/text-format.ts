/** A message of protobuf's text format: fields by name, in their order. */
export class TextMessage {
  readonly start: number
  private readonly fields: [name: string, value: string | TextMessage][] = []

  constructor(start: number) {
    this.start = start
  }

  add(name: string, value: string | TextMessage): void {
    this.fields.push([name, value])
  }

  messages(name: string): TextMessage[] {
    return this.fields.flatMap(([key, value]) => (key === name && typeof value !== 'string' ? [value] : []))
  }

  texts(name: string): string[] {
    return this.fields.flatMap(([key, value]) => (key === name && typeof value === 'string' ? [value] : []))
  }

  text(name: string): string | undefined {
    return this.texts(name).at(-1)
  }
}

export class NotTextFormat extends Error {}

const DEEPEST = 100
const MOST_FIELDS = 5_000_000
const SPACE = /(?:[ \t\r\n,;]|#[^\n]*)*/y
const NAME = /[A-Za-z_][\w.]*|\[[\w./-]{1,200}\]/y
const SCALAR = /-?\s?[\w.+-]+/y

/**
 * Reads protobuf's text format without its schema. Source: https://protobuf.dev/reference/protobuf/textformat-spec/
 *
 * @throws NotTextFormat
 */
export function readTextFormat(text: string): TextMessage {
  return new Reader(text).read()
}

class Reader {
  private readonly input: string
  private at = 0
  private count = 0

  constructor(text: string) {
    this.input = text
  }

  read(): TextMessage {
    const root = new TextMessage(0)
    this.message(root, '', 0)
    return root
  }

  private message(into: TextMessage, close: string, depth: number): void {
    if (depth > DEEPEST) throw new NotTextFormat('it is nested too deeply')
    for (;;) {
      this.match(SPACE)
      if (this.at >= this.input.length) {
        if (close === '') return
        throw new NotTextFormat('it breaks off')
      }
      if (close !== '' && this.input[this.at] === close) {
        this.at++
        return
      }
      if (++this.count > MOST_FIELDS) throw new NotTextFormat('it has more fields than the scan may read')
      const name = this.match(NAME)
      if (name === '') throw new NotTextFormat(`a field has no name at character ${this.at}`)
      this.match(SPACE)
      const colon = this.input[this.at] === ':'
      if (colon) this.at++
      this.match(SPACE)
      this.value(into, name, depth, colon)
    }
  }

  private value(into: TextMessage, name: string, depth: number, scalars: boolean): void {
    if (depth > DEEPEST) throw new NotTextFormat('it is nested too deeply')
    const letter = this.input[this.at]
    if (letter === '{' || letter === '<') {
      const inner = new TextMessage(this.at++)
      this.message(inner, letter === '{' ? '}' : '>', depth + 1)
      into.add(name, inner)
    } else if (letter === '[') {
      this.at++
      for (this.match(SPACE); this.input[this.at] !== ']'; this.match(SPACE)) {
        if (this.at >= this.input.length) throw new NotTextFormat('a list does not end')
        this.value(into, name, depth + 1, scalars)
      }
      this.at++
    } else if (letter === '"' || letter === "'") into.add(name, this.strings())
    else {
      const scalar = scalars ? this.match(SCALAR) : ''
      if (scalar === '') throw new NotTextFormat(`a value is missing at character ${this.at}`)
      into.add(name, scalar)
    }
  }

  /** Texts that follow each other are one. */
  private strings(): string {
    let result = ''
    for (let quote = this.input[this.at]; quote === '"' || quote === "'"; quote = this.input[this.at]) {
      const parts: string[] = []
      for (this.at++; this.input[this.at] !== quote;) {
        if (this.at >= this.input.length) throw new NotTextFormat('a text does not end')
        if (this.input[this.at] === '\\') parts.push(this.escape())
        else parts.push(this.input[this.at++]!)
      }
      this.at++
      result += parts.join('')
      this.match(/[ \t\r\n]*/y)
    }
    return result
  }

  private escape(): string {
    const rest = this.input.slice(this.at + 1, this.at + 10)
    const octal = /^[0-7]{1,3}/.exec(rest)
    const hex = /^x([0-9a-fA-F]{1,2})|^u([0-9a-fA-F]{4})|^U([0-9a-fA-F]{8})/.exec(rest)
    const used = octal?.[0] ?? hex?.[0] ?? rest.slice(0, 1)
    this.at += 1 + used.length
    if (octal) return String.fromCharCode(Number.parseInt(octal[0], 8))
    if (hex) return String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(hex[1] ?? hex[2] ?? hex[3]!, 16)))
    return { n: '\n', r: '\r', t: '\t' }[used] ?? used
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.input)?.[0] ?? ''
    this.at += found.length
    return found
  }
}
