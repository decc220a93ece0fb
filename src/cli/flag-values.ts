import type { Flag } from './flags.ts'

/** What commander hands over: the texts in the order given, or the state of a switch. */
export type GivenFlag = readonly string[] | boolean

/** What a flag's texts mean. A text that does not fit is left as it is, for the schema to say what is wrong with it. */
export function flagValue({ kind, numeric, whole }: Flag, given: GivenFlag): unknown {
  if (typeof given === 'boolean') return given
  const last = given.at(-1)!
  const scalar = (text: string) => (numeric ? numberOr(text) : text)
  switch (kind) {
    case 'list':
      return given.flatMap((text) => listOf(text) ?? (whole ? [text] : text.split(COMMA).map((item) => scalar(item.trim()))))
    case 'map':
      return mapOf(given, scalar)
    case 'json':
      return jsonOr(last)
    default:
      return scalar(last)
  }
}

/** Between items; the commas in a glob's braces (`*.{csv,parquet}`) are not. */
const COMMA = /,(?![^{]*\})/

function listOf(text: string): unknown[] | undefined {
  const value = text.startsWith('[') ? jsonOr(text) : undefined
  return Array.isArray(value) ? value : undefined
}

function mapOf(given: readonly string[], scalar: (text: string) => unknown): unknown {
  const entries: [string, unknown][] = []
  for (const text of given) {
    const value = text.startsWith('{') ? jsonOr(text) : undefined
    const at = text.indexOf('=')
    if (typeof value === 'object' && value !== null) entries.push(...Object.entries(value))
    else if (at > 0) entries.push([text.slice(0, at), scalar(text.slice(at + 1))])
    else return text
  }
  return Object.fromEntries(entries)
}

function numberOr(text: string): number | string {
  const value = Number(text)
  return text.trim() === '' || Number.isNaN(value) ? text : value
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
