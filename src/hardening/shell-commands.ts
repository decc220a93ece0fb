import type { HardeningFinding } from './finding.ts'

/** What is unsafe in a line of a shell script, wherever the script stands. */
export interface ShellProblem extends Pick<HardeningFinding, 'rule' | 'message' | 'replacement'> {
  readonly offset: number
  readonly snippet: string
}

/** A download that is piped to, or substituted into, an interpreter; within one command line. */
const DOWNLOAD_TO_SHELL =
  /\b(?:curl|wget)\s+[^\s|;&](?:[^\n|;&]|&(?!&)){0,400}\|\s*(?:sudo\s+(?:-\S+\s+)*)?(?:\S*\/)?(?:ba|z|da|k)?sh\b|\b(?:curl|wget)\s+[^\s|;&](?:[^\n|;&]|&(?!&)){0,400}\|\s*(?:sudo\s+(?:-\S+\s+)*)?(?:\S*\/)?(?:python3?|node|perl|ruby|pwsh)\b(?!\s+-m\s+json)|\b(?:ba|z)?sh\s+(?:-c\s+)?["']?(?:<\(|\$\()\s*(?:curl|wget)\b|\b(?:iwr|irm|Invoke-WebRequest|Invoke-RestMethod)\b[^\n|]{0,300}\|\s*(?:iex|Invoke-Expression)\b/g
const NPM_INSTALL = /(?:^|[\s;&|(])((?:npm\s+(?:install|i)|yarn\s+install|pnpm\s+(?:install|i))(?=\s|$|[;&|)])[^\n;&|]{0,300})/gm
const PIP_INSTALL = /(?:^|[\s;&|(])((?:python3?\s+-m\s+|uv\s+)?pip3?\s+install\b[^\n;&|]{0,500})/gm

/** Finds downloads that are run and installs that nothing pins, in a script. Comments are not looked at. */
export function shellProblems(script: string): ShellProblem[] {
  const text = script.replaceAll(/(^|\s)#[^\n]*/g, (comment) => ' '.repeat(comment.length)).replaceAll('\\\n', '  ')
  return [
    ...[...text.matchAll(DOWNLOAD_TO_SHELL)].map((match) => ({
      rule: 'script.download-to-shell' as const,
      message: 'A download is given to an interpreter as it comes',
      replacement: 'curl -fsSLo FILE URL && echo "SHA256  FILE" | sha256sum --check && sh FILE',
      offset: match.index,
      snippet: clip(match[0]),
    })),
    ...[...text.matchAll(NPM_INSTALL)].flatMap((match) =>
      npmProblem(match[1]!, match.index + match[0].length - match[1]!.length),
    ),
    ...[...text.matchAll(PIP_INSTALL)].flatMap((match) =>
      pipProblem(match[1]!, match.index + match[0].length - match[1]!.length),
    ),
  ]
}

const clip = (text: string): string => text.trim().replaceAll(/\s+/g, ' ').slice(0, 120)
const wordsOf = (command: string): string[] => command.trim().split(/\s+/)

function npmProblem(command: string, offset: number): ShellProblem[] {
  const [program, , ...words] = wordsOf(command)
  const flags = words.filter((word) => word.startsWith('-'))
  const packages = words.filter((word) => !word.startsWith('-'))
  if (program !== 'npm') {
    return flags.some((flag) => /^--(?:frozen-lockfile|immutable)/.test(flag)) || packages.length > 0
      ? []
      : // Both are strict by themselves in CI, unless told otherwise.
        flags.some((flag) => /^--no-(?:frozen-lockfile|immutable)/.test(flag))
        ? [
            {
              rule: 'script.unlocked-npm',
              message: `${clip(command)} does not keep to the lockfile`,
              replacement: `${program} install --frozen-lockfile`,
              offset,
              snippet: clip(command),
            },
          ]
        : []
  }
  // A package with its exact version, or a file, is pinned as far as it goes.
  const loose = packages.filter((name) => !/^@?[^@]+@\d+\.\d+\.\d+/.test(name) && !/^[./]|\.tgz$/.test(name))
  if (packages.length > 0 && loose.length === 0) return []
  return [
    {
      rule: 'script.unlocked-npm',
      message:
        packages.length === 0
          ? 'npm install does not keep to the lockfile'
          : `${loose.join(', ')} is installed in whatever version there is today`,
      replacement: packages.length === 0 ? 'npm ci' : `npm install ${loose[0]!.replace(/@[^@/]*$/, '')}@VERSION`,
      offset,
      snippet: clip(command),
    },
  ]
}

/** Flags of pip that take a value of their own. */
const PIP_VALUES =
  /^(?:-c|--constraint|-i|--index-url|--extra-index-url|-f|--find-links|-t|--target|--prefix|--root|--python|-p|--platform|--cache-dir|--timeout|--retries|--progress-bar|--src|--log|--group)$/

function pipProblem(command: string, offset: number): ShellProblem[] {
  const words = wordsOf(command.slice(command.search(/\binstall\b/)).replaceAll(/["']/g, '')).slice(1)
  if (words.some((word) => word === '--require-hashes' || word === '--no-index')) return []
  const loose: string[] = []
  let constrained = false
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    if (/^(?:-c|--constraint)/.test(word)) constrained = true
    if (/^(?:-r|--requirement|-e|--editable)$/.test(word)) at++ // the file is looked at by itself; -e is the project
    else if (PIP_VALUES.test(word)) at++
    else if (word.startsWith('-') || /^[.$/~]|\.(?:whl|gz|zip)$|[<>]$|^[<>]/.test(word)) continue
    else if (!isPinned(word)) loose.push(word)
  }
  // pip itself, and what only builds, is what everybody takes as it comes; it runs code all the same.
  if (loose.length === 0 || constrained) return []
  return [
    {
      rule: 'script.unlocked-pip',
      message: `${loose.slice(0, 5).join(', ')}${loose.length > 5 ? ', …' : ''} is installed in whatever version there is today`,
      replacement: 'pip install --require-hashes -r requirements.txt',
      offset,
      snippet: clip(command),
    },
  ]
}

const isPinned = (word: string): boolean => /===?[^=*]+$/.test(word) || /@[0-9a-f]{40}\b/.test(word) || /#sha256=/.test(word)
