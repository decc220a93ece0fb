import { count } from '../../core/counts.ts'
import { displayPath, requireFile } from '../../drivers/files.ts'
import { palette } from '../../report/text.ts'
import { textTable } from '../../report/text-table.ts'
import { printable } from '../../report/wording.ts'
import { explainFile, type ExplainedPart, type Explanation } from '../../security/explain.ts'
import type { Level } from '../../security/level.ts'
import { print } from '../output.ts'
import type { Session } from '../session.ts'

export interface ExplainFlags {
  readonly level?: Level
  readonly before?: number
  readonly after?: number
}

/** Shows what stands around everything that the scan finds in a file. */
export async function explainScanCommand(session: Session, file: string, flags: ExplainFlags): Promise<number> {
  const path = await requireFile(session.cwd, file, 'The model')
  const display = (absolute: string) => displayPath(session.cwd, absolute)
  const explanation = await explainFile(path, { signal: session.interruptible(), display, ...flags })
  print(session, { schemaVersion: 1, ...explanation }, () => describe(session, explanation))
  return 0
}

function describe(session: Session, { scan, parts }: Explanation): string {
  const { bold } = palette(session.terminal.out.color)
  const what = `${scan.formats.join(' > ') || 'unknown format'}, ${count(scan.bytes, 'byte')}, ${scan.digest}`
  const head = `${bold(printable(scan.path))}: ${scan.verdict}\n${what}`
  if (parts.length === 0) return `${head}\n\nNothing was found, so there is nothing to explain.`
  return [head, ...parts.map((part) => describePart(session, part))].join('\n\n')
}

function describePart(session: Session, { name, format, stream, findings, opcodes, bytes }: ExplainedPart): string {
  const { bold, dim, fail: red } = palette(session.terminal.out.color)
  const marked = new Set(findings.map(({ location }) => location?.byteOffset))
  const groups = opcodes.map((lines) =>
    lines
      .map(({ offset, opcode, argument, note }) => {
        const line = `${marked.has(offset) ? '→' : ' '} ${String(offset).padStart(9)}  ${opcode.padEnd(16)} ${argument}`
        const said = note === '' ? '' : dim(`  ; ${note}`)
        return `${marked.has(offset) ? red(printable(line)) : printable(line)}${printable(said)}`
      })
      .join('\n'),
  )
  if (bytes.length > 0) groups.push(textTable(bytes.map(({ offset, hex, text }) => [String(offset), hex, printable(text)])))
  const where = stream === undefined ? '' : dim(` (bytes count in what ${printable(stream)} unfolds to)`)
  const messages = findings.map(({ rule, message }) => `${printable(message)} ${dim(`[${rule}]`)}`)
  return [`${bold(printable(name))} as ${format}${where}`, ...messages, '', groups.join(dim('\n  …\n'))].join('\n')
}
