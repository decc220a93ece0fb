/** What a DuckDB type is made of. */
export type DuckdbType =
  | { readonly kind: 'scalar'; readonly name: string }
  | { readonly kind: 'list'; readonly item: string }
  | { readonly kind: 'struct'; readonly fields: readonly { readonly name: string; readonly type: string }[] }
  | { readonly kind: 'map'; readonly key: string; readonly value: string }

/** @param type as DuckDB writes it: `STRUCT(a INTEGER, "b c" VARCHAR[])` */
export function parseDuckdbType(type: string): DuckdbType {
  // INTEGER[] is a list, INTEGER[3] an array of fixed length.
  if (type.endsWith(']')) return { kind: 'list', item: type.slice(0, type.lastIndexOf('[')) }
  const nested = /^(STRUCT|MAP)\((.*)\)$/s.exec(type)
  if (!nested) return { kind: 'scalar', name: type }
  const parts = splitTopLevel(nested[2]!)
  if (nested[1] === 'MAP') return { kind: 'map', key: parts[0]!, value: parts[1]! }
  return { kind: 'struct', fields: parts.map(readField) }
}

/** Cuts at commas that stand in no parentheses and no quotes. */
function splitTopLevel(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!
    // A doubled quote closes and opens again, which comes to the same.
    if (character === '"' || character === "'") i = text.indexOf(character, i + 1)
    else if (character === '(') depth++
    else if (character === ')') depth--
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(from, i).trim())
      from = i + 1
    }
  }
  return [...parts, text.slice(from).trim()]
}

function readField(text: string): { name: string; type: string } {
  const [name] = /^"(?:[^"]|"")*"|^[^ ]+/.exec(text)!
  const plain = name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name
  return { name: plain, type: text.slice(name.length).trim() }
}
