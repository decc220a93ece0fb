import type { HardeningFinding } from './finding.ts'
import { RULES } from './rules.ts'
import type { TextFile } from './text-file.ts'

/** Findings that cannot carry a comment (a binary file, the history of git): `rule place reason`, a line each. */
export const IGNORE_FILE = '.plimsoll-ignore'

const COMMENT = /(?:#|\/\/|<!--|;)\s*plimsoll:\s*ignore\[([^\]\n]{1,300})\]([^\n]{0,500})/

/** What is ignored on purpose, with its reason. */
export interface Ignored {
  readonly finding: HardeningFinding
  readonly reason: string
}

/**
 * Takes out what comments say to ignore: `# plimsoll: ignore[rule, rule] reason` in the line of the finding or the line above, or in
 * the first five of a file for what is about it as a whole. One without a reason ignores nothing, and is a finding.
 */
export function ignoring(
  findings: readonly HardeningFinding[],
  files: ReadonlyMap<string, TextFile>,
): { kept: HardeningFinding[]; ignored: Ignored[] } {
  const kept: HardeningFinding[] = []
  const ignored: Ignored[] = []
  const listed = ofIgnoreFile(files.get(IGNORE_FILE))
  const complained = new Set<string>()
  const lines = new Map<string, string[]>()
  for (const finding of findings) {
    const file = files.get(finding.file)
    const inFile = file && (lines.get(file.path) ?? (lines.set(file.path, file.lines()), lines.get(file.path)!))
    const comment = inFile && commentFor(finding, inFile)
    const entry =
      comment ??
      listed.find(
        ({ rule, place }) =>
          rule === finding.rule && [finding.file, `${finding.file}:${finding.line}`, finding.fingerprint].includes(place),
      )
    if (!entry) kept.push(finding)
    else if (entry.reason !== '') ignored.push({ finding, reason: entry.reason })
    else {
      kept.push(finding)
      const place = `${entry.file ?? finding.file}:${entry.line}`
      if (complained.has(place)) continue
      complained.add(place)
      kept.push({
        rule: 'doctor.ignore',
        message: `${finding.rule} is ignored without a reason`,
        replacement: `# plimsoll: ignore[${finding.rule}] REASON`,
        file: entry.file ?? finding.file,
        line: entry.line,
        column: 1,
      })
    }
  }
  return { kept, ignored }
}

interface Entry {
  readonly reason: string
  readonly line: number
  readonly file?: string
}

function commentFor({ rule, line }: HardeningFinding, lines: readonly string[]): Entry | undefined {
  const numbers = line === undefined || line === 1 ? [1, 2, 3, 4, 5] : [line, line - 1]
  for (const number of numbers) {
    const match = COMMENT.exec(lines[number - 1] ?? '')
    if (!match) continue
    // Alone in its line it is for the next one; behind something it is for that.
    const isAlone = (lines[number - 1] ?? '').slice(0, match.index).trim() === ''
    if (number === (line ?? 1) - 1 && !isAlone) continue
    if (match[1]!.split(',').some((name) => name.trim() === rule))
      return { reason: match[2]!.replace(/-->\s*$/, '').trim(), line: number }
  }
  return undefined
}

function ofIgnoreFile(file: TextFile | undefined): (Entry & { readonly rule: string; readonly place: string })[] {
  return (file?.lines() ?? []).flatMap((line, index) => {
    const [rule = '', place = '', ...reason] = line
      .replace(/^\s*#.*$/, '')
      .trim()
      .split(/\s+/)
    return rule in RULES ? [{ rule, place, reason: reason.join(' '), line: index + 1, file: IGNORE_FILE }] : []
  })
}
