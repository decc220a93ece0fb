import type { Part } from '../../examination.ts'
import type { Format } from '../../format.ts'
import type { ByteSource } from '../../source.ts'
import { isScannedToo } from '../beside.ts'
import { decodeText } from '../json/decode-text.ts'
import { leadsOutside } from '../outside-path.ts'
import { isText } from '../plain-text.ts'
import { quote } from '../quote.ts'
import { isOfLoadedFolder } from './model-folder.ts'

const LONGEST = 2 ** 20
const MOST_REPORTED = 20
/** Indexes that the tools of Python know by themselves, and the one of PyTorch, which no installation for a GPU does without. */
const KNOWN_INDEX =
  /^https?:\/\/(pypi\.org|files\.pythonhosted\.org|download\.pytorch\.org|conda\.anaconda\.org|repo\.anaconda\.com)(\/|$)/

/** Lists of packages that are installed before a model is loaded: by MLflow, by Spaces of Hugging Face, by TorchServe. */
export const requirements: Format = {
  name: 'requirements',
  title: 'lists of Python packages (pip, conda, MLflow)',
  evidence: 'text',
  depth: 'examined',
  looksFor: 'packages that come from elsewhere than the indexes of packages: URLs, repositories, other indexes, paths',
  recognises: (source, part) =>
    /(^|[/!\\])(requirements[\w.-]{0,40}\.txt|(conda|environment|python_env)\.ya?ml)$/i.test(part.name) &&
    source.size <= LONGEST &&
    isText(source),
  examine: examineRequirements,
}

function examineRequirements(source: ByteSource, part: Part): void {
  const rule = isOfLoadedFolder(part) ? 'folder.package-source' : 'folder.package-source-alone'
  let offset = 0
  let reported = 0
  for (const line of decodeText(source).split('\n')) {
    const entry = entryOf(line)
    const why = entry === '' ? undefined : elsewhere(entry, part)
    if (why !== undefined && reported++ < MOST_REPORTED)
      part.examination.report(rule, { message: `${quote(entry)} ${why}`, part, offset, length: Buffer.byteLength(line) })
    offset += Buffer.byteLength(line) + 1
  }
}

/** A line without its comment, the dash of a YAML list and quotes. */
function entryOf(line: string): string {
  const text = line.slice(0, 4000).replace(/(^|\s)#.*$/s, '').trim() // prettier-ignore
  const item = text.startsWith('- ') ? text.slice(2).trim() : text
  return item.replace(/^(["'])(.*)\1$/s, '$2')
}

/** Where else a package comes from, in words; undefined for a name with versions. Source: pip's requirements file format. */
function elsewhere(entry: string, part: Part): string | undefined {
  const option = /^(--?[a-z-]+)(?:[\s=]+|$)(.*)$/s.exec(entry)
  if (option) return elsewhereByOption(option[1]!, option[2]!.trim(), part)
  const reference =
    /^[\w.-]+(?:\[[^\]]*\])?\s*@\s*(\S+)/.exec(entry)?.[1] ?? /^(?:[a-z+]{2,12}:|\.{0,2}[\\/])\S*/i.exec(entry)?.[0]
  if (reference !== undefined && !/^[a-z_]+:($|\s)/.test(reference)) return ofReference(reference, part)
  return /^\S+\.(whl|tar\.gz|zip)$/.test(entry) ? ofReference(entry, part) : undefined
}

function elsewhereByOption(name: string, value: string, part: Part): string | undefined {
  if (/^(-i|--index-url|--extra-index-url|-f|--find-links)$/.test(name))
    return KNOWN_INDEX.test(value) ? undefined : 'makes pip take packages from another index'
  if (name === '--trusted-host') return 'makes pip take packages without asking who sends them'
  if (name === '-e' || name === '--editable') return ofReference(value, part)
  const isList = name === '-r' || name === '--requirement' || name === '-c' || name === '--constraint'
  const why = isList ? leadsOutside(value) : undefined
  return why === undefined ? undefined : `reads a list of packages from a place that ${why}`
}

function ofReference(reference: string, part: Part): string | undefined {
  if (KNOWN_INDEX.test(reference)) return undefined
  if (/^(git|hg|svn|bzr)\+/.test(reference)) return 'is installed from a repository'
  const why = leadsOutside(reference)
  if (why !== undefined) return `is installed from a place that ${why}`
  return isScannedToo(reference, part) ? undefined : 'is installed from a path that is not scanned with it'
}
