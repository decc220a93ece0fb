import type { HardeningFinding } from '../finding.ts'
import { shellProblems } from '../shell-commands.ts'
import type { TextFile } from '../text-file.ts'

export const isDockerfile = (path: string): boolean =>
  /(?:^|\/)(?:(?:Docker|Container)file(?:\.[\w.-]+)?|[\w.-]+\.(?:Docker|Container)file)$/i.test(path) &&
  !/\.(?:md|dockerignore|[jt]s|py)$/i.test(path)

interface Instruction {
  readonly name: string
  readonly rest: string
  readonly offset: number
}

/** Base images without a digest, an image that runs as root, and what its scripts download and install. */
export function dockerfileProblems(file: TextFile): HardeningFinding[] {
  const instructions = instructionsOf(file.text)
  return [...baseImages(file, instructions), ...runsAsRoot(file, instructions), ...scripts(file, instructions)]
}

/** Lines with their continuations (docs.docker.com, Dockerfile reference). */
function instructionsOf(text: string): Instruction[] {
  const found: Instruction[] = []
  let offset = 0
  let open: { name: string; rest: string; offset: number } | undefined
  for (const line of text.split('\n')) {
    const isComment = /^\s*#/.test(line)
    if (open && !isComment) open.rest += `\n${line}`
    else if (!open) {
      const match = /^\s*([A-Za-z]+)\s+(.*)$/s.exec(line)
      if (match) found.push((open = { name: match[1]!.toUpperCase(), rest: match[2]!, offset }))
    }
    if (open && !isComment && !/\\\s*$/.test(line)) open = undefined
    offset += line.length + 1
  }
  return found
}

function baseImages(file: TextFile, instructions: readonly Instruction[]): HardeningFinding[] {
  const stages = new Set<string>()
  const defaults = new Map<string, string>()
  return instructions.flatMap(({ name, rest, offset }): HardeningFinding[] => {
    const argument = name === 'ARG' ? /^(\w+)=["']?([^\s"']*)/.exec(rest) : null
    if (argument) defaults.set(argument[1]!, argument[2]!)
    if (name !== 'FROM') return []
    const [image = '', as, stage] = rest.split(/\s+/).filter((word) => !word.startsWith('--'))
    const isStage = stages.has(image.toLowerCase()) || image === 'scratch'
    if (as?.toLowerCase() === 'as' && stage) stages.add(stage.toLowerCase())
    const resolved = image.replaceAll(
      /\$\{?(\w+)(?::-([^}]*))?\}?/g,
      (_, variable: string, other: string | undefined) => defaults.get(variable) ?? other ?? '',
    )
    // What no default says comes from the build command, and is not told here.
    if (isStage || resolved === '' || /@sha256:[0-9a-f]{64}$/.test(resolved)) return []
    return [
      {
        rule: 'docker.unpinned-image',
        message: `The base image ${resolved} has no digest`,
        replacement: `FROM ${resolved}@sha256:DIGEST${stage ? ` AS ${stage}` : ''}   (docker buildx imagetools inspect ${resolved})`,
        ...file.at(offset),
        snippet: `FROM ${image}`,
      },
    ]
  })
}

function runsAsRoot(file: TextFile, instructions: readonly Instruction[]): HardeningFinding[] {
  const from = instructions.findLastIndex(({ name }) => name === 'FROM')
  const last = instructions.slice(Math.max(0, from))
  const start = last.find(({ name }) => name === 'CMD' || name === 'ENTRYPOINT')
  const user = last.findLast(({ name }) => name === 'USER')
  if (!start || /\b(?:nonroot|rootless|unprivileged)\b/.test(last[0]!.rest)) return []
  if (user && !/^(?:root|0)(?::|\s|$)/.test(user.rest)) return []
  return [
    {
      rule: 'docker.root',
      message: user ? 'The image runs as root' : 'No USER is named, so the image runs as root',
      replacement: 'USER 10001:10001',
      ...file.at((user ?? start).offset),
    },
  ]
}

const scripts = (file: TextFile, instructions: readonly Instruction[]): HardeningFinding[] =>
  instructions
    .filter(({ name }) => name === 'RUN')
    .flatMap(({ rest, offset }) => {
      const begin = file.text.indexOf(rest.slice(0, 40), offset)
      return shellProblems(rest).map(({ offset: within, ...problem }) => ({ ...problem, ...file.at(begin + within) }))
    })
