import { dockerfileProblems, isDockerfile } from './checks/dockerfile.ts'
import { isPythonRequirements, unpinnedPython } from './checks/python-requirements.ts'
import { missingFiles } from './checks/repository-files.ts'
import type { HardeningFinding } from './finding.ts'
import { IGNORE_FILE, ignoring, type Ignored } from './ignores.ts'
import { pickledModels, type FormatsOf } from './pickled-models.ts'
import { readText, type Repository } from './repository.ts'
import { secretsInFile } from './secrets/files.ts'
import { secretsInHistory, type HistoryScan } from './secrets/history.ts'
import type { TextFile } from './text-file.ts'
import { isAction, isWorkflow, workflowFindings } from './workflow/checks.ts'

export interface HardeningOptions {
  /** The formats that a file's content has, outermost first; without it models are not looked for. */
  readonly formatsOf?: FormatsOf
  /** Whether the commits of the repository are looked at too. */
  readonly history: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (what: string) => void
}

/** What was looked at and what was found. */
export interface Examined {
  readonly findings: readonly HardeningFinding[]
  readonly ignored: readonly Ignored[]
  readonly files: number
  readonly workflows: number
  readonly python: number
  readonly dockerfiles: number
  /** Texts that are too long to be looked at. */
  readonly tooLong: readonly string[]
  readonly models: 'looked-at' | 'not-looked-at'
  readonly history: HistoryScan | 'not-looked-at'
}

/** Looks at everything in a repository; a file that cannot be read is a finding, never passed over. */
export async function examineRepository(repository: Repository, options: HardeningOptions): Promise<Examined> {
  const { signal, onProgress = () => {} } = options
  const findings: HardeningFinding[] = []
  const texts = new Map<string, TextFile>()
  const tooLong: string[] = []
  const binary: string[] = []
  const counts = { workflows: 0, python: 0, dockerfiles: 0 }
  onProgress(`${repository.files.length} files`)
  for (const path of repository.files) {
    signal?.throwIfAborted()
    const read = await readText(repository, path)
    if ('binary' in read) binary.push(path)
    if ('tooLong' in read) tooLong.push(path)
    if (!('text' in read)) continue
    const own = findingsIn(read.text, repository.files, counts)
    findings.push(...own)
    // Only what findings are in is kept, for the comments that ignore them.
    if (own.length > 0 || path === IGNORE_FILE || /CODEOWNERS$|dependabot\.ya?ml$/.test(path)) texts.set(path, read.text)
  }
  findings.push(
    ...(await missingFiles({
      files: repository.files,
      hasWorkflows: counts.workflows > 0,
      read: async (path) => {
        const read = await readText(repository, path)
        return 'text' in read ? read.text : undefined
      },
    })),
  )
  if (options.formatsOf) findings.push(...(await pickledModels(repository, binary, options.formatsOf, signal)))
  let history: Examined['history'] = 'not-looked-at'
  if (options.history && repository.git !== 'none') {
    onProgress('the history of git')
    const known = new Set(findings.flatMap(({ fingerprint }) => fingerprint ?? []))
    history = await secretsInHistory(repository, known, signal)
    findings.push(...history.findings)
  }
  const { kept, ignored } = ignoring(findings, texts)
  return {
    findings: kept,
    ignored,
    files: repository.files.length,
    ...counts,
    tooLong,
    history,
    models: options.formatsOf ? 'looked-at' : 'not-looked-at',
  }
}

function findingsIn(
  file: TextFile,
  files: readonly string[],
  counts: { workflows: number; python: number; dockerfiles: number },
): HardeningFinding[] {
  const found = secretsInFile(file)
  if (isWorkflow(file.path) || isAction(file.path)) {
    counts.workflows++
    found.push(...workflowFindings(file))
  }
  if (isPythonRequirements(file.path)) {
    counts.python++
    found.push(...unpinnedPython(file, files))
  }
  if (isDockerfile(file.path)) {
    counts.dockerfiles++
    found.push(...dockerfileProblems(file))
  }
  return found
}
