/** A context that an expression may have as its value, in lower case: `github.event.issue.title` is `['github', 'event', 'issue', 'title']`; `*` is any. */
export type ContextPath = readonly string[]

const TOKEN = /\s+|'(?:[^']|'')*'|&&|\|\||[!=<>]=|[!<>().,[\]*]|[A-Za-z_][\w-]*|-?(?:0x[\da-f]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?)/iy
const DEEPEST = 50

/** These answer a boolean or a digest, whatever they are given. */
const HARMLESS = new Set(['contains', 'startswith', 'endswith', 'success', 'always', 'cancelled', 'failure', 'hashfiles'])

/**
 * The contexts whose text can become the value of a GitHub Actions expression (docs.github.com, "Evaluate expressions"). Comparisons
 * and `contains` answer a boolean, so nothing of what they compare gets out; `a && b` has the text of `b` alone, as `a` is then only
 * what is empty or false. What does not parse is taken to let everything out that it names.
 */
export function contextsIn(expression: string): ContextPath[] {
  const tokens = tokenise(expression)
  if (!tokens) return namedIn(expression)
  try {
    const parser = new Parser(tokens)
    const found = parser.or(0)
    return parser.done ? found : namedIn(expression)
  } catch (error) {
    if (error instanceof NotAnExpression) return namedIn(expression)
    throw error
  }
}

class NotAnExpression extends Error {}

function tokenise(text: string): string[] | undefined {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text)
    if (!match) return undefined
    if (match[0].trim() !== '') tokens.push(match[0])
  }
  return tokens
}

class Parser {
  #at = 0
  readonly #tokens: readonly string[]

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens
  }

  get done(): boolean {
    return this.#at === this.#tokens.length
  }

  or(depth: number): ContextPath[] {
    if (depth > DEEPEST) throw new NotAnExpression('too deep')
    const found = this.#and(depth)
    while (this.#take('||')) found.push(...this.#and(depth))
    return found
  }

  #and(depth: number): ContextPath[] {
    let found = this.#comparison(depth)
    while (this.#take('&&')) found = this.#comparison(depth)
    return found
  }

  #comparison(depth: number): ContextPath[] {
    let found = this.#primary(depth)
    while (['==', '!=', '<', '>', '<=', '>='].includes(this.#peek() ?? '')) {
      this.#at++
      this.#primary(depth)
      found = []
    }
    return found
  }

  #primary(depth: number): ContextPath[] {
    if (depth > DEEPEST) throw new NotAnExpression('too deep')
    if (this.#take('!')) {
      this.#primary(depth + 1)
      return []
    }
    if (this.#take('(')) {
      const found = this.or(depth + 1)
      this.#need(')')
      return this.#accessed(found, depth)
    }
    const token = this.#tokens[this.#at++]
    if (token === undefined) throw new NotAnExpression('it ends too early')
    if (/^['\d-]/.test(token)) return []
    if (!/^[a-z_]/i.test(token)) throw new NotAnExpression(token)
    const name = token.toLowerCase()
    if (this.#take('(')) return this.#accessed(this.#call(name, depth), depth)
    return ['true', 'false', 'null', 'nan', 'infinity'].includes(name) ? [] : this.#accessed([[name]], depth)
  }

  #call(name: string, depth: number): ContextPath[] {
    const found: ContextPath[] = []
    if (this.#take(')')) return found
    do found.push(...this.or(depth + 1))
    while (this.#take(','))
    this.#need(')')
    return HARMLESS.has(name) ? [] : found
  }

  /** `.name`, `.*`, `['name']` and `[0]` behind a value. */
  #accessed(found: ContextPath[], depth: number): ContextPath[] {
    let paths = found
    for (;;) {
      let segment: string
      if (this.#take('.')) segment = (this.#tokens[this.#at++] ?? '*').toLowerCase()
      else if (this.#take('[')) {
        const literal = /^'(.*)'$/s.exec(this.#peek() ?? '')?.[1]
        this.or(depth + 1)
        this.#need(']')
        segment = literal?.toLowerCase() ?? '*'
      } else return paths
      paths = paths.map((path) => [...path, segment])
    }
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at]
  }

  #take(token: string): boolean {
    if (this.#peek() !== token) return false
    this.#at++
    return true
  }

  #need(token: string): void {
    if (!this.#take(token)) throw new NotAnExpression(`${token} is missing`)
  }
}

const namedIn = (text: string): ContextPath[] =>
  [...text.slice(0, 10_000).matchAll(/\b(?:github|inputs|env|steps|needs|matrix|secrets)(?:\.[\w*-]+)+/gi)].map(([path]) =>
    path.toLowerCase().split('.'),
  )
