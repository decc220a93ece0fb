/** Text from a file or a model as plain text in Markdown: it can be no heading, link, table cell or HTML of its own. */
export function plainText(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[\\`*_{}[\]|]/g, (character) => `\\${character}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/^(#|-|\+|\d+\.)/, '\\$1')
    .replaceAll(/\b(https?):\/\//g, '$1&#58;//')
}

/** Text between backticks, whatever it holds. */
export function codeText(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const space = text.startsWith('`') || text.endsWith('`') ? ' ' : ''
  return `${fence}${space}${text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|')}${space}${fence}`
}

/** A table; no lines when there are no rows. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return []
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line), '']
}

/** A list; no lines when it is empty. */
export function list(items: readonly string[]): string[] {
  return items.length === 0 ? [] : [...items.map((item) => `- ${plainText(item)}`), '']
}
