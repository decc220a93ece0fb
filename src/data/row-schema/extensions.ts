import type { Extension, SchemaNode } from './schema.ts'

type Level = 'row' | 'column' | 'inside'

/**
 * A block `x-plimsoll` that speaks of neither the row nor a column: inside a column's values, or under a condition. `allOf` and `$ref`
 * may lead to one, for what they refer to always holds.
 */
export function strayExtension(root: SchemaNode): Extension | undefined {
  const seen: Readonly<Record<Level, Set<SchemaNode>>> = { row: new Set(), column: new Set(), inside: new Set() }
  const visit = (node: SchemaNode, level: Level): Extension | undefined => {
    if (seen[level].has(node)) return undefined
    seen[level].add(node)
    if (node.extension && level === 'inside') return node.extension
    for (const { keyword, value } of node.demands) {
      for (const inner of keyword.schemas?.(value as never) ?? []) {
        const found = visit(inner, levelOf(keyword.name, level))
        if (found) return found
      }
    }
    return undefined
  }
  return visit(root, 'row')
}

function levelOf(keyword: string, level: Level): Level {
  if (keyword === '$ref' || keyword === 'allOf') return level
  return keyword === 'properties' && level === 'row' ? 'column' : 'inside'
}
