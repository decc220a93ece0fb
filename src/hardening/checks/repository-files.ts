import type { HardeningFinding } from '../finding.ts'
import type { TextFile } from '../text-file.ts'
import { itemsOf, member, textOf } from '../yaml/node.ts'
import { readYaml } from '../yaml/read.ts'

const RENOVATE = /^(?:\.github\/|\.gitlab\/)?(?:renovate\.json5?|\.renovaterc(?:\.json5?)?)$/
const OWNERS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS']
const POLICIES = ['SECURITY.md', '.github/SECURITY.md', 'docs/SECURITY.md', 'SECURITY.rst', 'SECURITY.txt']

export interface RepositoryFiles {
  readonly files: readonly string[]
  readonly hasWorkflows: boolean
  /** The text of a file that is among `files`. */
  readonly read: (path: string) => Promise<TextFile | undefined>
}

/** What a repository should have, and has not. */
export async function missingFiles({ files, hasWorkflows, read }: RepositoryFiles): Promise<HardeningFinding[]> {
  const has = new Set(files)
  const findings: HardeningFinding[] = []
  const dependabot = ['.github/dependabot.yml', '.github/dependabot.yaml'].find((path) => has.has(path))
  if (dependabot !== undefined) findings.push(...(hasWorkflows ? actionsUpdated(await read(dependabot)) : []))
  else if (!files.some((path) => RENOVATE.test(path)) && !(await renovateInPackage(has, read))) {
    findings.push({
      rule: 'repository.updates',
      message: 'There is neither .github/dependabot.yml nor a configuration of Renovate',
      file: '.github/dependabot.yml',
      replacement: DEPENDABOT,
    })
  }
  if (!POLICIES.some((path) => has.has(path))) {
    findings.push({
      rule: 'repository.security-policy',
      message: 'There is no SECURITY.md',
      file: 'SECURITY.md',
      replacement: 'Report a vulnerability privately through the security advisories of this repository.',
    })
  }
  const gates = files.filter((path) => /^(?:\.github\/workflows\/.+\.ya?ml|plimsoll\.ya?ml|\.gitlab-ci\.yml)$/.test(path))
  if (gates.length > 0) findings.push(...(await unowned(has, gates, read)))
  return findings
}

const DEPENDABOT = `version: 2
updates:
  - package-ecosystem: github-actions
    directory: /
    schedule: { interval: weekly }`

function actionsUpdated(file: TextFile | undefined): HardeningFinding[] {
  const reading = file && readYaml(file.text)
  if (!file || !reading || 'problem' in reading) return []
  const ecosystems = itemsOf(member(reading.documents[0], 'updates')).map((update) => textOf(member(update, 'package-ecosystem')))
  if (ecosystems.includes('github-actions')) return []
  return [
    {
      rule: 'repository.updates',
      message: 'Dependabot does not update the actions of the workflows',
      replacement: '- { package-ecosystem: github-actions, directory: /, schedule: { interval: weekly } }',
      ...file.at(0),
    },
  ]
}

async function renovateInPackage(has: ReadonlySet<string>, read: RepositoryFiles['read']): Promise<boolean> {
  return has.has('package.json') && /^\s*"renovate"\s*:/m.test((await read('package.json'))?.text ?? '')
}

async function unowned(
  has: ReadonlySet<string>,
  gates: readonly string[],
  read: RepositoryFiles['read'],
): Promise<HardeningFinding[]> {
  const rule = 'repository.owners'
  const path = OWNERS.find((each) => has.has(each))
  if (path === undefined) {
    return [
      {
        rule,
        message: 'There is no CODEOWNERS',
        file: '.github/CODEOWNERS',
        replacement: '/.github/ @OWNER\n/plimsoll.yaml @OWNER',
      },
    ]
  }
  const file = await read(path)
  if (!file) return []
  const patterns = file.lines().flatMap((line) => {
    const [pattern, owner] = line.replace(/#.*$/, '').trim().split(/\s+/)
    return pattern && owner ? [pattern] : []
  })
  const missing = gates.filter((gate) => !patterns.some((pattern) => covers(pattern, gate)))
  if (missing.length === 0) return []
  return [
    {
      rule,
      message: `CODEOWNERS names nobody for ${missing.slice(0, 3).join(', ')}`,
      replacement: `/${missing[0]!.replace(/[^/]*$/, '') || missing[0]!} @OWNER`,
      ...file.at(0),
    },
  ]
}

/** The patterns that matter here: everything, a file, a folder, a folder with stars. */
function covers(pattern: string, path: string): boolean {
  const anchored = pattern.replace(/^\//, '')
  if (['*', '**', '**/*'].includes(anchored) || anchored === path) return true
  const folder = anchored.replace(/(?:\/\*{1,2})+$/, '/').replace(/\/?$/, '/')
  return path.startsWith(folder) || (/^\*\.\w+$/.test(anchored) && path.endsWith(anchored.slice(1)))
}
