import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { Command } from 'commander'
import { globSync } from 'tinyglobby'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { fullProgram } from '../src/cli/program.ts'
import { shellWords } from '../src/cli/reference/shell-words.ts'
import { ERROR_CODES, UserError } from '../src/core/errors.ts'
import { packageRoot } from '../src/drivers/self.ts'
import { parsePipeline } from '../src/pipeline/config.ts'
import { loadSteps } from '../src/steps/index.ts'
import { readMarkdown, type CodeBlock } from './fixtures/markdown.ts'

/** Every page of the repository; what the tests compare with, and what runs have written, is not one. */
const pages = globSync('**/*.md', {
  cwd: packageRoot,
  dot: true,
  ignore: ['**/node_modules/**', '**/results/**', '.demo/**', 'coverage/**', 'dist/**', 'test/golden/**'],
}).map((path) => {
  const text = readFileSync(join(packageRoot, path), 'utf8')
  return { path, text, ...readMarkdown(text) }
})
const blocksIn = (...languages: string[]): (CodeBlock & { place: string })[] =>
  pages.flatMap(({ path, blocks }) =>
    blocks.filter(({ language }) => languages.includes(language)).map((block) => ({ ...block, place: `${path}:${block.line}` })),
  )

test('there is something to look at', () => {
  expect(pages.map(({ path }) => path)).toEqual(expect.arrayContaining(['README.md', 'docs/getting-started.md']))
  expect(blocksIn('sh').length).toBeGreaterThan(20)
})

test('links between pages lead somewhere', () => {
  const broken = pages.flatMap(({ path, links }) =>
    links
      .filter(({ target }) => !/^[a-z]+:/i.test(target))
      .flatMap(({ target, line }) => {
        const problem = problemOf(path, target)
        return problem === undefined ? [] : [`${path}:${line}: ${target} ${problem}`]
      }),
  )
  expect(broken).toEqual([])
})

function problemOf(from: string, target: string): string | undefined {
  const [file = '', anchor] = decodeURIComponent(target).split('#')
  const path = file === '' ? from : relative(packageRoot, join(packageRoot, dirname(from), file))
  if (path.startsWith('..')) return 'leads out of the repository'
  const absolute = join(packageRoot, path)
  if (!existsSync(absolute)) return 'does not exist'
  if (anchor === undefined) return undefined
  const page = pages.find((page) => page.path === (statSync(absolute).isDirectory() ? join(path, 'README.md') : path))
  return page?.anchors.has(anchor) ? undefined : 'has no heading of that name'
}

test('commands and flags in shell blocks exist', async () => {
  const { program } = await fullProgram()
  const scripts = (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { scripts: object }).scripts
  const wrong = blocksIn('sh', 'bash', 'shell', 'console').flatMap(({ text, place }) =>
    commandsOf(text).flatMap((words) => {
      const problem = words[0] === 'plimsoll' ? misused(program, words.slice(1)) : unknownScript(words, Object.keys(scripts))
      return problem === undefined ? [] : [`${place}: ${words.join(' ')}: ${problem}`]
    }),
  )
  expect(wrong).toEqual([])
})

/** The words of each simple command, without comments, variables before it, and `npx`. */
function commandsOf(text: string): string[][] {
  return shellWords(
    text
      .replaceAll('\\\n', ' ')
      .replaceAll(/(^|\s)#.*$/gm, '')
      .replaceAll('\n', ' ; ')
      .replaceAll(/[;|&]+/g, ' ; '),
  )
    .reduce<string[][]>(
      (commands, word) => {
        if (word === ';') commands.push([])
        else commands.at(-1)!.push(word)
        return commands
      },
      [[]],
    )
    .map((words) => words.slice(words.findIndex((word) => !/^[A-Z_]+=|^(\$|npx)$/.test(word))))
    .filter((words) => words.length > 0)
}

/** Follows subcommands as far as there are any; placeholders such as FILE, `…` and `[flags]` stand for anything. */
function misused(program: Command, words: readonly string[]): string | undefined {
  let command = program
  const flags = new Set(['--help', '-h', '--version', ...flagsOf(program)])
  for (const [index, word] of words.entries()) {
    if (word.startsWith('-')) {
      const flag = word.split('=')[0]!
      if (!flags.has(flag)) return `there is no flag ${flag}`
      continue
    }
    if (command.commands.length === 0 || words[index - 1] === '--cwd') continue
    const sub = command.commands.find((candidate) => candidate.name() === word)
    if (!sub) return /^[A-Z[<…]/.test(word) ? undefined : `there is no command ${word}`
    command = sub
    for (const flag of flagsOf(command)) flags.add(flag)
  }
  return undefined
}

const flagsOf = (command: Command): string[] =>
  command.options.flatMap(({ short, long }) => [short, long].filter((name) => name !== undefined))

function unknownScript([program, verb, name]: readonly string[], scripts: readonly string[]): string | undefined {
  const script = program === 'npm' && verb === 'run' ? name : undefined
  return script === undefined || scripts.includes(script) ? undefined : `package.json has no script ${script}`
}

test('pipeline files in YAML blocks can be read', async () => {
  const steps = await loadSteps()
  const blocks = blocksIn('yaml', 'yml').flatMap(({ text, place }) => {
    if (/^stages:/m.test(text)) return [{ place, text }]
    // A list of steps alone, as the reference shows them.
    return Array.isArray(parse(text))
      ? [{ place, text: JSON.stringify({ stages: { one: { steps: parse(text) as unknown } } }) }]
      : []
  })
  expect(blocks.length).toBeGreaterThan(10)
  const wrong = blocks.flatMap(({ place, text }) => {
    try {
      parsePipeline(text, join(packageRoot, 'plimsoll.yaml'), { steps, env: {} })
      return []
    } catch (error) {
      if (error instanceof UserError) return [`${place}: ${error.message}\n${error.frame ?? ''}`]
      throw error
    }
  })
  expect(wrong).toEqual([])
})

test('what scripts import from plimsoll is exported', async () => {
  const types = [...readFileSync(join(packageRoot, 'src/index.ts'), 'utf8').matchAll(/\btype (\w+)/g)].map(([, name]) => name!)
  const exported: Record<string, readonly string[]> = {
    plimsoll: [...Object.keys(await import('../src/index.ts')), ...types],
    'plimsoll/onnx': Object.keys(await import('../src/drivers/onnx-proto.ts')),
  }
  const imports = blocksIn('js', 'mjs', 'ts', 'javascript', 'typescript').flatMap(({ text, place }) =>
    [...text.matchAll(/import\s+(?:type\s+)?\{([^}]*)\}\s+from\s+'(plimsoll[^']*)'/g)].map(([, names, from]) => ({
      place,
      from: from!,
      names: names!.split(',').map(
        (name) =>
          name
            .trim()
            .split(/\s+/)
            .find((word) => word !== 'type') ?? '',
      ),
    })),
  )
  expect(imports.length).toBeGreaterThan(0)
  const wrong = imports.flatMap(({ place, from, names }) =>
    names.filter((name) => name !== '' && !exported[from]?.includes(name)).map((name) => `${place}: ${from} has no ${name}`),
  )
  expect(wrong).toEqual([])
})

test('error codes that are named exist', () => {
  const wrong = pages.flatMap(({ path, text }) =>
    [...text.matchAll(/\bE_[A-Z]+(?:_[A-Z]+)*\b/g)]
      .filter(([code]) => !(code in ERROR_CODES))
      .map(([code]) => `${path}: ${code}`),
  )
  expect(wrong).toEqual([])
})
