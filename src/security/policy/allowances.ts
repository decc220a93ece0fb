import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml'
import * as z from 'zod'
import { UserError } from '../../core/errors.ts'
import type { Allowance } from './policy.ts'

/** A name that a project allows beside the allow-list. */
export const allowanceSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[^\s.]+(\.[^\s.]+)+$/, 'Write the module and the name in it, with dots: mypackage.transformers.Scaler')
    .describe('Module and name, exactly as the finding shows them: mypackage.transformers.Scaler.'),
  reason: z.string().trim().min(1, 'Say why it is allowed, for those who read the report.').describe('Why, for the reader of the report.'),
  expires: z.iso
    .date('Write a day as YYYY-MM-DD.')
    .optional()
    .describe('The last day on which it holds, YYYY-MM-DD; for ever when it is left out.'),
})

export const allowFileSchema = z.strictObject({ allow: z.array(allowanceSchema) })

/**
 * Reads a file of allowances, YAML or JSON: `allow:` and a list of `{name, reason, expires}`.
 *
 * @param display how the file is named in errors
 * @throws UserError E_CONFIG with file, line and column of the first mistake
 */
export function readAllowances(text: string, display: string): readonly Allowance[] {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const fail = (message: string, start: number): never => {
    const { line, col } = lines.linePos(start)
    const location = { file: display, line: Math.max(line, 1), column: Math.max(col, 1) }
    const content = (text.split('\n')[location.line - 1] ?? '').replaceAll('\t', ' ')
    const frame = `  ${location.line} | ${content}\n  ${' '.repeat(String(location.line).length)} | ${' '.repeat(location.column - 1)}^`
    throw new UserError('E_CONFIG', message, { location, frame })
  }
  const [broken] = document.errors
  if (broken) fail(broken.message, broken.pos[0])
  const parsed = allowFileSchema.safeParse(document.toJS({ maxAliasCount: 0 }))
  if (parsed.success) return parsed.data.allow.map(({ expires, ...rest }) => (expires === undefined ? rest : { ...rest, expires }))
  const [issue] = parsed.error.issues
  return fail(`${issue!.path.join('.') || 'The file'}: ${issue!.message}`, placeOf(document, issue!.path))
}

/** Where the value at a path begins; the nearest one above when it is not there. */
function placeOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents
  for (const step of path) {
    const next: unknown = isMap(node) || isSeq(node) ? node.get(step, true) : undefined
    if (next === undefined) break
    node = next
  }
  return isMap(node) || isSeq(node) || isScalar(node) ? (node.range?.[0] ?? 0) : 0
}
