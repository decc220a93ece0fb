import type { HardeningFinding } from '../finding.ts'
import type { TextFile } from '../text-file.ts'
import { itemsOf, member, textOf } from '../yaml/node.ts'
import { readYaml } from '../yaml/read.ts'

const rule = 'python.unpinned'
const LOCKS =
  /(?:^|\/)(?:poetry\.lock|uv\.lock|pdm\.lock|pylock(?:\.[\w-]+)?\.toml|Pipfile\.lock|conda-lock\.ya?ml|pixi\.lock|requirements[\w.-]*\.txt)$/

/** Whether a file says which Python packages are needed, in one of the forms that are understood. */
export const isPythonRequirements = (path: string): boolean =>
  /(?:^|\/)(?:requirements[\w.-]*\.txt|requirements\/[\w.-]+\.txt|(?:conda|environment)[\w.-]*\.ya?ml|Pipfile|pyproject\.toml)$/.test(
    path,
  ) && !/constraints/.test(path)

/** Python packages that are needed in whatever version there is. `files` are those of the repository, among which a lockfile may be. */
export function unpinnedPython(file: TextFile, files: readonly string[]): HardeningFinding[] {
  const folder = file.path.slice(0, file.path.lastIndexOf('/') + 1)
  const locked = files.some(
    (path) => path !== file.path && path.startsWith(folder) && !path.slice(folder.length).includes('/') && LOCKS.test(path),
  )
  const name = file.path.slice(folder.length)
  if (name === 'Pipfile') return locked ? [] : [whole(file, 'Pipfile has no Pipfile.lock beside it', 'pipenv lock')]
  if (name === 'pyproject.toml') return locked ? [] : ofProject(file)
  if (/\.ya?ml$/.test(name)) return locked && !/requirements/.test(name) ? [] : ofConda(file)
  return ofRequirements(file)
}

const whole = (file: TextFile, message: string, replacement: string): HardeningFinding => ({
  rule,
  message,
  replacement,
  ...file.at(0),
})

function listed(file: TextFile, loose: readonly { name: string; offset: number }[], replacement: string): HardeningFinding[] {
  if (loose.length === 0) return []
  const names = loose.map(({ name }) => name)
  const shown = names.length > 6 ? `${names.slice(0, 6).join(', ')} and ${names.length - 6} more` : names.join(', ')
  return [
    {
      rule,
      message: `${shown}: no exact version`,
      replacement,
      ...file.at(loose[0]!.offset),
      snippet: names[0]!.slice(0, 120),
    },
  ]
}

function ofRequirements(file: TextFile): HardeningFinding[] {
  let offset = 0
  const loose: { name: string; offset: number }[] = []
  let continued = false
  for (const line of file.text.split('\n')) {
    const text = line.replace(/(?:^|\s)#.*$/, '').trim()
    const isOption = text.startsWith('-') || continued
    continued = text.endsWith('\\')
    // A path or a URL with a digest or a commit is as exact as a version.
    if (text !== '' && !isOption && !/^[./]/.test(text) && !isExact(text))
      loose.push({ name: text.replace(/\s*;.*$/, ''), offset })
    offset += line.length + 1
  }
  return listed(file, loose, 'pip-compile --generate-hashes, or uv pip compile --generate-hashes')
}

function isExact(requirement: string): boolean {
  if (/@\s*(?:git\+)?\S+:\/\//.test(requirement) || /^(?:git\+)?https?:\/\//.test(requirement))
    return /@[0-9a-f]{40}\b|#(?:.*&)?sha256=[0-9a-f]{64}/.test(requirement)
  return /===?\s*[^\s,*;]+\s*(?:;|\\|--hash|$)/.test(requirement)
}

/** `name=1.2` of conda; `name==1.2` below `pip:`. */
function ofConda(file: TextFile): HardeningFinding[] {
  const reading = readYaml(file.text)
  if ('problem' in reading) return []
  const loose = itemsOf(member(reading.documents[0], 'dependencies')).flatMap((item) => {
    if (item.kind === 'map')
      return itemsOf(member(item, 'pip')).flatMap((pip) => {
        const text = textOf(pip) ?? ''
        return text.startsWith('-') || isExact(text) ? [] : [{ name: text, offset: pip.start }]
      })
    const text = textOf(item) ?? ''
    return /^(?:[\w.-]+::)?[\w.-]+\s*={1,2}\s*\d[\w.]*(?:=\S+)?$/.test(text) ? [] : [{ name: text, offset: item.start }]
  })
  return listed(file, loose, 'conda-lock, or conda env export --no-builds')
}

/** Ranges are right for a library and for what a lockfile stands beside; an application without one has no versions at all. */
function ofProject(file: TextFile): HardeningFinding[] {
  const match =
    /^\[project\]$[\s\S]*?^dependencies\s*=\s*\[([^\]]*)\]/m.exec(file.text) ??
    /^\[tool\.poetry\.dependencies\]$([^[]*)/m.exec(file.text)
  const names = match?.[1]!.match(/^\s*["']?[A-Za-z][\w.[\]-]*/gm)?.filter((name) => !/^\s*["']?python\b/.test(name)) ?? []
  if (!match || names.length === 0) return []
  return [
    {
      rule,
      severity: 'low',
      message: 'There are dependencies, and no lockfile beside pyproject.toml',
      replacement: 'uv lock',
      ...file.at(match.index),
    },
  ]
}
