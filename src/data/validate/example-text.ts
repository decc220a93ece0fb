import type { ExampleRow } from './judgement.ts'

const SHOWN = 3

/** The first example rows on one line: `row 8: -1, row 48: -1`. */
export const examplesText = (examples: readonly ExampleRow[]): string => examples.slice(0, SHOWN).map(exampleText).join(', ')

/** `line 14: -3`, or `line 14 (id 7): -3` where rows have a key. */
function exampleText({ row, line, key, value }: ExampleRow): string {
  const place = line === undefined ? `row ${row}` : `line ${line}`
  const parts = Object.entries(key ?? {}).map(
    ([column, part]) => `${column} ${typeof part === 'string' ? part : JSON.stringify(part)}`,
  )
  const known = parts.length === 0 ? '' : ` (${parts.join(', ')})`
  return `${place}${known}: ${value === null ? 'missing' : JSON.stringify(value)}`
}
