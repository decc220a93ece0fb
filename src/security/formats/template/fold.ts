import { isNode, type TemplateNode } from './tree.ts'

const LONGEST = 4096
const DEEPEST = 60

/** What variables are set to, anywhere in the template. */
export type Variables = ReadonlyMap<string, readonly TemplateNode[]>

/** Texts of expressions that were folded before; undefined also while one is being folded, which ends circles. */
const folded = new WeakMap<TemplateNode, { readonly text: string | undefined }>()

/** The text that an expression always is: of constants, what they are put together from, and variables that are set to such. */
export function foldText(node: TemplateNode | undefined, variables: Variables, depth = 0): string | undefined {
  if (!node || depth > DEEPEST) return undefined
  const known = folded.get(node)
  if (known) return known.text
  folded.set(node, { text: undefined })
  const text = foldAnew(node, variables, depth)
  folded.set(node, { text })
  return text
}

function foldAnew(node: TemplateNode, variables: Variables, depth: number): string | undefined {
  const fold = (inner: unknown) => (isNode(inner) ? foldText(inner, variables, depth + 1) : undefined)
  switch (node.type) {
    case 'StringLiteral':
      return String(node.value).slice(0, LONGEST)
    case 'IntegerLiteral':
      return String(node.value)
    case 'Identifier': {
      const texts = (variables.get(String(node.value)) ?? []).map(fold).filter((text) => text !== undefined)
      return texts.find((text) => text.includes('__')) ?? texts.at(-1)
    }
    case 'BinaryExpression':
      return foldBinary(node, fold)
    case 'FilterExpression':
      return foldFilter(node, fold)
    case 'CallExpression': {
      const callee = node['callee'] as TemplateNode
      if (callee.type !== 'MemberExpression') return undefined
      const method = String((callee['property'] as TemplateNode).value)
      return method === 'join'
        ? joined(args(node)[0], fold(callee['object']), fold)
        : applied(method, fold(callee['object']), args(node).map(fold))
    }
    case 'MemberExpression': {
      const text = fold(node['object'])
      const property = node['property'] as TemplateNode
      return text !== undefined && property.type === 'SliceExpression' && /^-1$/.test(fold(property['step']) ?? '')
        ? Array.from(text).toReversed().join('')
        : undefined
    }
    case 'UnaryExpression': {
      const inner = fold(node['argument'])
      return inner === undefined || (node['operator'] as { value?: unknown }).value !== '-' ? undefined : `-${inner}`
    }
    default:
      return undefined
  }
}

type Fold = (inner: unknown) => string | undefined
const args = (node: TemplateNode) => node['args'] as TemplateNode[]

function foldBinary(node: TemplateNode, fold: Fold): string | undefined {
  const operator = String((node['operator'] as { value?: unknown }).value)
  const left = fold(node['left'])
  const right = fold(node['right'])
  if (left === undefined) return undefined
  if (operator === '%') return left.includes('%s') && right !== undefined ? left.replace('%s', right) : undefined
  if (right === undefined) return undefined
  if (operator === '+' || operator === '~') return (left + right).slice(0, LONGEST)
  const times = /^\d{1,3}$/.test(right) ? Number(right) : /^\d{1,3}$/.test(left) ? Number(left) : undefined
  return operator === '*' && times !== undefined
    ? (/^\d+$/.test(right) ? left : right).repeat(Math.min(times, 64)).slice(0, LONGEST)
    : undefined
}

function foldFilter(node: TemplateNode, fold: Fold): string | undefined {
  const filter = node['filter'] as TemplateNode
  const name = String(filter.type === 'CallExpression' ? (filter['callee'] as TemplateNode).value : filter.value)
  const given = filter.type === 'CallExpression' ? args(filter) : []
  const operand = node['operand'] as TemplateNode
  if (name === 'join') return joined(operand, given.length === 0 ? '' : fold(given[0]), fold)
  return applied(name, fold(operand), given.map(fold))
}

/** A list of constants, put together. */
function joined(list: TemplateNode | undefined, separator: string | undefined, fold: Fold): string | undefined {
  if (separator === undefined || !list) return undefined
  if (list.type !== 'ArrayLiteral' && list.type !== 'TupleLiteral') {
    const text = fold(list)
    return text === undefined ? undefined : Array.from(text).join(separator)
  }
  const parts = (list.value as TemplateNode[]).slice(0, 500).map(fold)
  return parts.some((part) => part === undefined) ? undefined : parts.join(separator).slice(0, LONGEST)
}

/** What filters and methods of text answer. */
function applied(name: string, text: string | undefined, given: readonly (string | undefined)[]): string | undefined {
  if (text === undefined) return undefined
  const [first, second] = given
  if (name === 'lower' || name === 'casefold') return text.toLowerCase()
  if (name === 'upper') return text.toUpperCase()
  if (name === 'reverse') return Array.from(text).toReversed().join('')
  if (name === 'trim' || name === 'strip') return first === undefined ? text.trim() : undefined
  if (name === 'string' || name === 'safe' || name === 'escape' || name === 'e') return text
  if (name === 'replace' && first !== undefined && second !== undefined) return text.replaceAll(first, second).slice(0, LONGEST)
  if (name === 'format') {
    let next = 0
    const value = () => given[next++] ?? '?'
    return text
      .replace(/%[sd]|\{\d*\}/g, value)
      .replace(/%c|\{\d*:c\}/g, () => String.fromCharCode(Number(value()) || 63))
      .slice(0, LONGEST)
  }
  return undefined
}

/** Whether an expression puts a text together in a way that hides it: a name of an attribute needs none of this. */
export function isBuilt(node: TemplateNode, variables: Variables, depth = 0): boolean {
  if (depth > 8) return false
  if (node.type === 'Identifier') {
    const values = (variables.get(String(node.value)) ?? []).slice(0, 20)
    return values.some((value) => value.type !== 'Identifier' && isBuilt(value, variables, depth + 1))
  }
  const filter = node.type === 'FilterExpression' ? (node['filter'] as TemplateNode) : undefined
  const name = filter && String(filter.type === 'CallExpression' ? (filter['callee'] as TemplateNode).value : filter.value)
  if (name !== undefined && /^(format|reverse|join|replace|urlize|urlencode|wordwrap|center|indent)$/.test(name)) return true
  const callee = node.type === 'CallExpression' ? (node['callee'] as TemplateNode) : undefined
  return (
    callee?.type === 'MemberExpression' &&
    /^(format|join|replace|decode|fromhex|translate)$/.test(String((callee['property'] as TemplateNode).value))
  )
}
