/** A value of a NumPy header: the part of Python's literals that `numpy.save` writes. Integers beyond 2⁵³ are rounded. */
export type Literal = string | number | boolean | null | Literal[] | Map<string, Literal>

const DEEPEST = 32

/**
 * Reads the dictionary of a NumPy header; undefined when it is anything else than what `numpy.save` writes. Python would also accept
 * comments, joined strings and arithmetic there, which nobody but an attacker has a use for.
 */
export function parseHeader(text: string): Map<string, Literal> | undefined {
  try {
    const parser = new Parser(text)
    const value = parser.value(0)
    return parser.isAtEnd && value instanceof Map ? value : undefined
  } catch (error) {
    if (error instanceof NotLiteral) return undefined
    throw error
  }
}

class NotLiteral extends Error {}

class Parser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  get isAtEnd(): boolean {
    this.#space()
    return this.#at === this.#text.length
  }

  value(depth: number): Literal {
    if (depth > DEEPEST) throw new NotLiteral()
    this.#space()
    const first = this.#text[this.#at]
    if (first === "'" || first === '"') return this.#string(first)
    if (first === '(') return this.#sequence(')', depth)
    if (first === '[') return this.#sequence(']', depth)
    if (first === '{') return this.#map(depth)
    const [word] = /^(?:True|False|None|[0-9]{1,20}L?)/.exec(this.#text.slice(this.#at, this.#at + 24)) ?? []
    if (word === undefined) throw new NotLiteral()
    this.#at += word.length
    return word === 'True' ? true : word === 'False' ? false : word === 'None' ? null : Number.parseInt(word, 10)
  }

  #space(): void {
    while (' \n\t'.includes(this.#text[this.#at] ?? 'x')) this.#at++
  }

  /** Steps over a mark when it stands next. */
  #takes(mark: string): boolean {
    this.#space()
    if (this.#text[this.#at] !== mark) return false
    this.#at++
    return true
  }

  #string(quote: string): string {
    let found = ''
    for (this.#at++; this.#text[this.#at] !== quote; this.#at++) {
      const letter = this.#text[this.#at]
      if (letter === undefined || letter === '\n') throw new NotLiteral()
      // Field names can have escaped letters. Which ones does not matter here, only where the text ends.
      if (letter === '\\') this.#at++
      found += this.#text[this.#at] ?? ''
    }
    this.#at++
    return found
  }

  #sequence(end: string, depth: number): Literal[] {
    const items: Literal[] = []
    this.#at++
    while (!this.#takes(end)) {
      items.push(this.value(depth + 1))
      if (this.#takes(',')) continue
      if (this.#takes(end)) break
      throw new NotLiteral()
    }
    return items
  }

  #map(depth: number): Map<string, Literal> {
    const map = new Map<string, Literal>()
    this.#at++
    while (!this.#takes('}')) {
      const key = this.value(depth + 1)
      if (typeof key !== 'string' || map.has(key) || !this.#takes(':')) throw new NotLiteral()
      map.set(key, this.value(depth + 1))
      if (this.#takes(',')) continue
      if (this.#takes('}')) break
      throw new NotLiteral()
    }
    return map
  }
}
