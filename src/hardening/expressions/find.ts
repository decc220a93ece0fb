/** An expression in a text, with the text between `${{` and `}}`. */
export interface Expression {
  readonly offset: number
  /** With its braces, as it is written. */
  readonly whole: string
  readonly inside: string
}

/** The expressions in a text. `}}` within a string literal does not end one. */
export function expressionsIn(text: string): Expression[] {
  const found: Expression[] = []
  for (let from = text.indexOf('${{'); from !== -1;) {
    const end = endOf(text, from + 3)
    if (end === -1) break
    found.push({ offset: from, whole: text.slice(from, end + 2), inside: text.slice(from + 3, end).trim() })
    from = text.indexOf('${{', end + 2)
  }
  return found
}

function endOf(text: string, from: number): number {
  let quoted = false
  for (let at = from; at < text.length; at++) {
    if (text[at] === "'") quoted = !quoted
    else if (!quoted && text.startsWith('}}', at)) return at
  }
  return -1
}
