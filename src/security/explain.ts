import type { Finding } from '../core/check.ts'
import type { Part } from './examination.ts'
import type { FileScan } from './file-scan.ts'
import { bytesAround, type ByteLine } from './byte-lines.ts'
import { disassemble, type DisassembledLine } from './pickle/disassemble.ts'
import { scanFile, type ScanOptions } from './scan.ts'
import type { ByteSource } from './source.ts'

/** A part of a file in which something was found, with what stands there. Offsets count in the file, or in `stream`. */
export interface ExplainedPart {
  /** `model.pt!archive/data.pkl` */
  readonly name: string
  readonly format: string
  readonly stream: string | undefined
  readonly findings: readonly Finding[]
  /** Opcodes around the findings, a group where they do not follow each other; for pickles. */
  readonly opcodes: readonly (readonly DisassembledLine[])[]
  /** Bytes at the findings; for all other formats. */
  readonly bytes: readonly ByteLine[]
}

export interface Explanation {
  readonly scan: FileScan
  readonly parts: readonly ExplainedPart[]
}

/** Findings of one part that are shown with what surrounds them. */
const MOST_SHOWN = 50

/**
 * Scans a file, and shows the opcodes or the bytes around everything that was found.
 *
 * @throws the file system's error when the file cannot be read
 */
export async function explainFile(
  path: string,
  { before, after, ...options }: ScanOptions & { readonly before?: number; readonly after?: number } = {},
): Promise<Explanation> {
  const parts: ExplainedPart[] = []
  const observe = (format: string, source: ByteSource, part: Part) => {
    const findings = part.examination.findings.filter(({ location }) => location?.file === part.name)
    if (findings.length === 0 || parts.some(({ name }) => name === part.name)) return
    const offsets = findings
      .map(({ location }) => location?.byteOffset)
      .filter((offset) => offset !== undefined)
      .map((offset) => offset - part.base)
      .filter((offset) => offset >= 0 && offset < source.size)
      .slice(0, MOST_SHOWN)
    const isPickle = format === 'pickle'
    const around = { around: offsets, judge: part.examination.judge, ...(before !== undefined && { before }), ...(after !== undefined && { after }) } // prettier-ignore
    parts.push({
      name: part.name,
      format,
      stream: part.stream,
      findings,
      opcodes: isPickle
        ? disassemble(source, around).map(({ lines }) => lines.map((line) => ({ ...line, offset: line.offset + part.base })))
        : [],
      bytes: isPickle ? [] : bytesAround(source, offsets).map((line) => ({ ...line, offset: line.offset + part.base })),
    })
  }
  const scan = await scanFile(path, { ...options, observe })
  return { scan, parts }
}
