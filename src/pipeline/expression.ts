import { unreachable } from '../core/errors.ts'
import { didYouMean } from '../core/suggest.ts'

/**
 * The language of `if`: `branch == 'main' && env.DEPLOY != '' && stages.model-validation.verdict == 'pass'`.
 * Values are strings and booleans. There are no loops, no assignments and no way out of it.
 *
 *     or         = and { "||" and }
 *     and        = equality { "&&" equality }
 *     equality   = unary [ ( "==" | "!=" ) unary ]
 *     unary      = "!" unary | "(" or ")" | string | "true" | "false" | name | function "(" or { "," or } ")"
 *     name       = "branch" | "event" | "env.NAME" | "stages.NAME.verdict"
 *     function   = "contains" | "startsWith" | "endsWith"
 */
export interface Expression {
  /** As written. */
  readonly text: string
  readonly root: Node
  /** The stages whose verdict it looks at. */
  readonly stages: readonly string[]
}

type Node =
  | { readonly kind: 'literal'; readonly value: string | boolean }
  | { readonly kind: 'branch' | 'event' }
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'verdict'; readonly stage: string }
  | { readonly kind: 'not'; readonly operand: Node }
  | { readonly kind: '&&' | '||' | '==' | '!='; readonly left: Node; readonly right: Node }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly parameters: readonly [Node, Node] }

const FUNCTIONS = {
  contains: (text: string, part: string) => text.includes(part),
  startsWith: (text: string, part: string) => text.startsWith(part),
  endsWith: (text: string, part: string) => text.endsWith(part),
} as const
type FunctionName = keyof typeof FUNCTIONS
const NAMES = ['branch', 'event', 'env.NAME', 'stages.NAME.verdict', 'true', 'false', ...Object.keys(FUNCTIONS)]

/** What the names in an expression stand for. A variable that is not set, and a branch that is not known, are empty. */
export interface ExpressionScope {
  readonly branch: string
  readonly event: string
  readonly env: Readonly<Record<string, string>>
  /** The verdict of a stage that has ended. */
  verdict(stage: string): string
}

/** A mistake in an expression, with the column where it is, counted from 1. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError'
  readonly column: number
  constructor(message: string, column: number) {
    super(message)
    this.column = column
  }
}

interface Token {
  readonly kind: 'string' | 'name' | 'sign' | 'end'
  readonly text: string
  readonly column: number
}

const TOKEN = /\s*(?:'([^']*)'|"([^"]*)"|([A-Za-z_][\w-]*(?:\.[\w-]+)*)|(&&|\|\||==|!=|[!(),]))/y
/** Deeper nesting than any reader could follow; keeps the parser's own stack safe. */
const DEEPEST = 50

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (text.slice(at).trim() !== '') {
    TOKEN.lastIndex = at
    const match = TOKEN.exec(text)
    if (!match) {
      const column = at + /^\s*/.exec(text.slice(at))![0].length + 1
      const odd = text[column - 1]!
      throw new ExpressionError(odd === "'" || odd === '"' ? 'A string is not closed' : `"${odd}" is not understood`, column)
    }
    const column = TOKEN.lastIndex - match[0].trimStart().length + 1
    const [, single, double, name, sign] = match
    if (name !== undefined) tokens.push({ kind: 'name', text: name, column })
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, column })
    else tokens.push({ kind: 'string', text: single ?? double ?? '', column })
    at = TOKEN.lastIndex
  }
  return [...tokens, { kind: 'end', text: 'the end', column: text.trimEnd().length + 1 }]
}

/**
 * Reads an expression.
 *
 * @throws ExpressionError with the column of the first mistake
 */
export function parseExpression(text: string): Expression {
  const tokens = tokenize(text)
  let position = 0
  let depth = 0
  const stages = new Set<string>()
  const peek = () => tokens[position]!
  const take = () => tokens[position++]!
  const takeSign = (...signs: string[]): string | undefined =>
    peek().kind === 'sign' && signs.includes(peek().text) ? take().text : undefined
  const expectSign = (sign: string) => {
    if (takeSign(sign) === undefined) throw new ExpressionError(`Expected "${sign}", found ${shown(peek())}`, peek().column)
  }

  const or = (): Node => {
    let left = and()
    while (takeSign('||')) left = { kind: '||', left, right: and() }
    return left
  }
  const and = (): Node => {
    let left = equality()
    while (takeSign('&&')) left = { kind: '&&', left, right: equality() }
    return left
  }
  const equality = (): Node => {
    const left = unary()
    const sign = takeSign('==', '!=') as '==' | '!=' | undefined
    return sign ? { kind: sign, left, right: unary() } : left
  }
  const unary = (): Node => {
    if (++depth > DEEPEST) throw new ExpressionError('Nested too deeply', peek().column)
    try {
      if (takeSign('!')) return { kind: 'not', operand: unary() }
      if (takeSign('(')) {
        const inner = or()
        expectSign(')')
        return inner
      }
      const token = take()
      if (token.kind === 'string') return { kind: 'literal', value: token.text }
      if (token.kind === 'name') return name(token)
      throw new ExpressionError(`Expected a value, found ${shown(token)}`, token.column)
    } finally {
      depth--
    }
  }
  const name = (token: Token): Node => {
    if (token.text === 'true' || token.text === 'false') return { kind: 'literal', value: token.text === 'true' }
    if (token.text === 'branch' || token.text === 'event') return { kind: token.text }
    const env = /^env\.([A-Za-z_]\w*)$/.exec(token.text)?.[1]
    if (env !== undefined) return { kind: 'env', name: env }
    const stage = /^stages\.([\w-]+)\.verdict$/.exec(token.text)?.[1]
    if (stage !== undefined) {
      stages.add(stage)
      return { kind: 'verdict', stage }
    }
    if (Object.hasOwn(FUNCTIONS, token.text)) return call(token.text as FunctionName)
    throw new ExpressionError(`"${token.text}" is not known. ${didYouMean(token.text, NAMES)}`, token.column)
  }
  const call = (name: FunctionName): Node => {
    expectSign('(')
    const first = or()
    expectSign(',')
    const second = or()
    expectSign(')')
    return { kind: 'call', name, parameters: [first, second] }
  }

  const root = or()
  if (peek().kind !== 'end') throw new ExpressionError(`Expected an operator or the end, found ${shown(peek())}`, peek().column)
  return { text, root, stages: [...stages] }
}

const shown = (token: Token) => (token.kind === 'end' ? token.text : `"${token.text}"`)

/** Whether the condition holds. An empty string counts as false, any other as true. */
export function evaluate(expression: Expression, scope: ExpressionScope): boolean {
  return truth(valueOf(expression.root, scope))
}

const truth = (value: string | boolean) => value !== '' && value !== false

function valueOf(node: Node, scope: ExpressionScope): string | boolean {
  switch (node.kind) {
    case 'literal':
      return node.value
    case 'branch':
      return scope.branch
    case 'event':
      return scope.event
    case 'env':
      return Object.hasOwn(scope.env, node.name) ? scope.env[node.name]! : ''
    case 'verdict':
      return scope.verdict(node.stage)
    case 'not':
      return !truth(valueOf(node.operand, scope))
    case '&&':
      return truth(valueOf(node.left, scope)) && truth(valueOf(node.right, scope))
    case '||':
      return truth(valueOf(node.left, scope)) || truth(valueOf(node.right, scope))
    // Compared as text, so that env.DEPLOY == true holds for the variable's text "true".
    case '==':
      return String(valueOf(node.left, scope)) === String(valueOf(node.right, scope))
    case '!=':
      return String(valueOf(node.left, scope)) !== String(valueOf(node.right, scope))
    case 'call': {
      const [text, part] = node.parameters.map((parameter) => String(valueOf(parameter, scope))) as [string, string]
      return FUNCTIONS[node.name](text, part)
    }
    default:
      return unreachable(node)
  }
}
