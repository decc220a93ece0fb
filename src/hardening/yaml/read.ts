import { isAlias, isMap, isPair, isScalar, isSeq, parseAllDocuments, type Document, type Node as YamlNode } from 'yaml'
import { messageOf } from '../../core/errors.ts'
import type { Entry, Node, ScalarNode } from './node.ts'

/** GitHub refuses workflows far smaller than this. */
const LONGEST = 1 << 20
/** What aliases can unfold into: "billion laughs" end here. */
const MOST_NODES = 200_000
const DEEPEST = 100

export type YamlReading = { readonly documents: readonly Node[] } | { readonly problem: string; readonly offset?: number }

/** Reads hostile YAML: bounded in length, depth and what aliases unfold into. */
export function readYaml(text: string): YamlReading {
  if (text.length > LONGEST) return { problem: `it has more than ${LONGEST} characters` }
  try {
    const documents = parseAllDocuments(text, { uniqueKeys: false, keepSourceTokens: false, logLevel: 'silent' })
    if (!Array.isArray(documents)) return { documents: [] }
    const error = documents.flatMap((document) => document.errors)[0]
    if (error) return { problem: error.message.split('\n')[0]!.replace(/ at line.*$/, ''), offset: error.pos[0] }
    const budget = { nodes: MOST_NODES }
    return { documents: documents.flatMap((document) => resolve(document, budget)) }
  } catch (error) {
    // Also a stack that is used up by nesting.
    return { problem: messageOf(error) }
  }
}

class TooMuch extends Error {}

function resolve(document: Document.Parsed, budget: { nodes: number }): Node[] {
  const anchors = new Map<string, YamlNode>()
  const node = convert(document.contents, { budget, anchors, depth: 0, open: new Set() })
  return node ? [node] : []
}

interface Walk {
  readonly budget: { nodes: number }
  /** What each anchor stands for so far: an anchor may be given again. */
  readonly anchors: Map<string, YamlNode>
  readonly depth: number
  /** What is being converted, as an alias may stand inside of what it names. */
  readonly open: Set<YamlNode>
}

function convert(node: YamlNode | null | undefined, walk: Walk): Node | undefined {
  if (!node) return undefined
  if (--walk.budget.nodes < 0) throw new TooMuch('its aliases unfold into too much')
  if (walk.depth > DEEPEST) throw new TooMuch(`it is nested deeper than ${DEEPEST}`)
  if (isAlias(node)) {
    const target = walk.anchors.get(node.source)
    if (!target || walk.open.has(target)) throw new TooMuch(`the alias *${node.source} stands for nothing`)
    return convert(target, { ...walk, depth: walk.depth + 1 })
  }
  const anchor = (node as { anchor?: string }).anchor
  if (anchor !== undefined) walk.anchors.set(anchor, node)
  const [start = 0, end = 0] = node.range ?? []
  walk.open.add(node)
  try {
    const below = { ...walk, depth: walk.depth + 1 }
    if (isSeq(node)) {
      return { kind: 'list', start, end, items: node.items.map((item) => convert(item as YamlNode, below) ?? nothing(end)) }
    }
    if (isMap(node)) return { kind: 'map', start, end, entries: entriesOf(node.items, below, end) }
    return isScalar(node) ? scalar(node.value, start, end) : undefined
  } finally {
    walk.open.delete(node)
  }
}

/** Keys of the map itself win over those that are merged into it with `<<`. */
function entriesOf(pairs: readonly unknown[], walk: Walk, end: number): Entry[] {
  const merged: Entry[] = []
  const own: Entry[] = []
  for (const pair of pairs) {
    if (!isPair(pair)) continue
    const key = pair.key as YamlNode | null
    const name = isScalar(key) ? String(key.value) : ''
    const value = convert(pair.value as YamlNode | null, walk) ?? nothing(key?.range?.[1] ?? end)
    if (name === '<<') {
      for (const each of value.kind === 'list' ? value.items : [value]) if (each.kind === 'map') merged.push(...each.entries)
    } else own.push({ key: name, keyStart: key?.range?.[0] ?? value.start, value })
  }
  const names = new Set(own.map(({ key }) => key))
  return [...merged.filter(({ key }) => !names.has(key)), ...own]
}

function scalar(value: unknown, start: number, end: number): ScalarNode {
  const kept = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
  return { kind: 'scalar', start, end, value: kept, text: kept === null ? '' : String(kept) }
}

const nothing = (at: number): ScalarNode => ({ kind: 'scalar', start: at, end: at, value: null, text: '' })
