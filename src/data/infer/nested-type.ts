/** The JSON Schema of a value of a DuckDB type: of what a STRUCT or LIST holds, any part may be null. */
export function schemaOfType(type: string): Record<string, unknown> {
  const list = /^(.*)\[\d*\]$/s.exec(type)
  if (list) return { type: 'array', items: nullable(schemaOfType(list[1]!)) }
  if (type.startsWith('STRUCT(')) {
    const members = membersOf(type.slice('STRUCT('.length, -1))
    return {
      type: 'object',
      properties: Object.fromEntries(members.map(({ name, type: inner }) => [name, nullable(schemaOfType(inner))])),
    }
  }
  if (type.startsWith('MAP(')) return { type: 'object' }
  if (type === 'BOOLEAN') return { type: 'boolean' }
  if (/^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/.test(type)) return { type: 'integer' }
  if (/^(FLOAT|DOUBLE|DECIMAL)/.test(type)) return { type: 'number' }
  // JSON holds anything, BLOB and UNION nothing that JSON Schema could name.
  return /^(VARCHAR|ENUM|UUID|DATE|TIME|INTERVAL)/.test(type) ? { type: 'string' } : {}
}

function nullable(schema: Record<string, unknown>): Record<string, unknown> {
  return 'type' in schema ? { ...schema, type: [schema['type'], 'null'] } : schema
}

/** `a INTEGER, "b, c" STRUCT(d VARCHAR)` → its members. */
function membersOf(text: string): { name: string; type: string }[] {
  return splitOutside(text).map((member) => {
    const quoted = /^"((?:[^"]|"")*)"\s+(.*)$/s.exec(member)
    if (quoted) return { name: quoted[1]!.replaceAll('""', '"'), type: quoted[2]! }
    const at = member.indexOf(' ')
    return { name: member.slice(0, at), type: member.slice(at + 1) }
  })
}

/** Splits at commas outside of brackets and quotes. */
function splitOutside(text: string): string[] {
  const parts: string[] = ['']
  let depth = 0
  let quote = ''
  for (const character of text) {
    if (quote !== '') quote = character === quote ? '' : quote
    else if (character === '"' || character === "'") quote = character
    else if (character === '(') depth++
    else if (character === ')') depth--
    if (character === ',' && depth === 0 && quote === '') parts.push('')
    else parts[parts.length - 1] += character
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}
