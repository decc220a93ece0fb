import { formatDuration } from '../../core/duration.ts'
import { exec } from '../../drivers/exec.ts'
import { LONGEST_LINE } from '../../drivers/line-reader.ts'
import type { HardeningFinding } from '../finding.ts'
import { GIT, gitEnv, type Repository } from '../repository.ts'
import { severityOf } from './files.ts'
import { secretsIn } from './find.ts'

export interface HistoryLimits {
  /** Characters of added lines. */
  readonly characters: number
  readonly milliseconds: number
}

const LIMITS: HistoryLimits = { characters: 2 ** 31, milliseconds: 300_000 }
/** Added lines of one file in one commit that are looked at together. */
const LONGEST_ADDITION = 8 << 20

export interface HistoryScan {
  readonly findings: readonly HardeningFinding[]
  readonly commits: number
  /** Why it is not the whole history that was looked at. */
  readonly unfinished: string | undefined
}

/** The lines that commits have added, as `git log -p` prints them; those of merges that differ from every parent too. */
const LOG = [
  ...['-c', 'log.showRoot=true', 'log', '--all', '-p', '--cc', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames'],
  ...['--unified=0', '--diff-filter=AM', '--src-prefix=a/', '--dst-prefix=b/', '--no-show-signature', '--format=commit %H'],
]

/**
 * The secrets that any commit has added, each once, with the commit that git names first. Secrets that `known` has are in the files
 * still and are not told again.
 */
export async function secretsInHistory(
  { root, env }: Repository,
  known: ReadonlySet<string>,
  signal: AbortSignal | undefined,
  limits: HistoryLimits = LIMITS,
): Promise<HistoryScan> {
  const reader = new LogReader(known, limits.characters)
  try {
    const { exitCode, timedOut, tail } = await exec([...GIT, ...LOG], {
      cwd: root,
      env: gitEnv(env),
      timeout: limits.milliseconds,
      ...(signal && { signal }),
      onLine: (line, stream) => void (stream === 'stdout' && reader.line(line)),
    })
    reader.end()
    if (timedOut) return reader.result(`it takes longer than ${formatDuration(limits.milliseconds)}`)
    if (exitCode !== 0) return reader.result(`git ended with ${exitCode}: ${tail.at(-1)?.slice(0, 200) ?? ''}`)
    return reader.result(undefined)
  } catch (error) {
    if (error instanceof TooLong) return reader.result(`it has more than ${limits.characters} characters`)
    throw error
  }
}

class TooLong extends Error {}

class LogReader {
  #commits = 0
  #commit = ''
  #path = ''
  #line = 0
  /** How many columns stand before the text of a line: one per parent. */
  #columns = 0
  #texts: string[] = []
  #lines: number[] = []
  #length = 0
  #left: number
  #cut = 0
  readonly #seen: Set<string>
  readonly #findings: HardeningFinding[] = []

  constructor(known: ReadonlySet<string>, characters: number) {
    this.#seen = new Set(known)
    this.#left = characters
  }

  line(line: string): void {
    if (this.#columns > 0 && /^[ +-]/.test(line) && !line.startsWith('+++ b/')) this.#added(line)
    else if (line.startsWith('commit ')) {
      this.#flush()
      this.#commits++
      this.#commit = line.slice('commit '.length)
    } else if (line.startsWith('diff --')) this.#flush()
    else if (line.startsWith('+++ ')) this.#path = line.replace(/^\+\+\+ (?:"?b\/)?/, '').replace(/"?\t?$/, '')
    else if (line.startsWith('@@')) {
      this.#columns = /^@+/.exec(line)![0].length - 1
      this.#line = Number(/\+(\d+)/.exec(line)?.[1] ?? 1)
    }
  }

  end(): void {
    this.#flush()
  }

  result(unfinished: string | undefined): HistoryScan {
    const cut = this.#cut === 0 ? undefined : `${this.#cut} of its lines or additions are too long`
    return { findings: this.#findings, commits: this.#commits, unfinished: unfinished ?? cut }
  }

  #added(line: string): void {
    const marks = line.slice(0, this.#columns)
    if (marks.includes('-')) return
    if (marks.includes('+')) {
      this.#left -= line.length
      if (this.#left < 0) throw new TooLong()
      this.#length += line.length
      if (line.length >= LONGEST_LINE) this.#cut++
      if (this.#length > LONGEST_ADDITION) {
        this.#cut++
        this.#scan()
      }
      this.#texts.push(line.slice(this.#columns))
      this.#lines.push(this.#line)
    }
    this.#line++
  }

  #flush(): void {
    this.#scan()
    this.#columns = 0
  }

  #scan(): void {
    const text = this.#texts.join('\n')
    const lines = this.#lines
    this.#texts = []
    this.#lines = []
    this.#length = 0
    if (text === '') return
    for (const secret of secretsIn(text)) {
      if (this.#seen.has(secret.fingerprint)) continue
      this.#seen.add(secret.fingerprint)
      const line = lines[text.slice(0, secret.offset).split('\n').length - 1] ?? 1
      this.#findings.push({
        rule: 'secret.in-history',
        severity: severityOf(secret, this.#path),
        message: `${secret.title} ${secret.masked} (sha256 ${secret.fingerprint}) was at line ${line} in commit ${this.#commit.slice(0, 12)}`,
        replacement: `revoke it (${secret.revoke})`,
        fingerprint: secret.fingerprint,
        file: this.#path,
      })
    }
  }
}
