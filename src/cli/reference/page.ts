/** A reference page: its title, the line that says where it comes from, and its sections. */
export function page(title: string, sections: readonly string[]): string {
  const origin = '<!-- Generated from the code by `npm run generate`. Do not edit. -->'
  return `${[`# ${title}`, origin, ...sections.filter((section) => section !== '')].join('\n\n')}\n`
}

/** A Markdown table; empty when it has no rows. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  return [line(header), `|${header.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}

export const fence = (language: string, text: string): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``

export const code = (text: string): string => (text === '' ? '' : `\`${text}\``)
