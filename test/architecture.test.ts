import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../src/drivers/self.ts'

const ENGINES = ['data', 'model', 'security', 'signing', 'bom', 'hardening', 'serve', 'load', 'registry', 'release'] as const

/**
 * Which room may import from which, and why. The same table stands in ARCHITECTURE.md.
 * Tests may import anything: they stand beside what they test.
 */
const ROOMS: Record<string, { may: readonly string[]; because: string }> = {
  core: { may: [], because: 'the concepts depend on nothing, so that everything can depend on them' },
  stats: { may: ['core'], because: 'it is pure mathematics' },
  drivers: { may: ['core'], because: 'a driver knows one thing outside, and nothing of what we do with it' },
  ...Object.fromEntries(
    ENGINES.map((engine) => [
      engine,
      { may: ['core', 'stats', 'drivers'], because: 'engines do not know each other; steps are where they meet' },
    ]),
  ),
  pipeline: { may: ['core', 'stats', 'drivers'], because: 'it runs any list of steps that it is given, and knows none by name' },
  report: { may: ['core'], because: 'a renderer is a pure function of the report' },
  notify: { may: ['core', 'drivers', 'report'], because: 'a message is a report, rendered and sent' },
  steps: {
    may: ['core', 'stats', 'drivers', ...ENGINES, 'pipeline', 'notify', 'report'],
    because: 'steps compose engines, and nothing but the cli composes steps',
  },
  cli: {
    // data: `plimsoll data` profiles, infers and compares, which are no steps, as nothing is judged there.
    may: [
      'core',
      'stats',
      'drivers',
      'data',
      'model',
      'security',
      'signing',
      'bom',
      'hardening',
      'serve',
      'registry',
      'release',
      'pipeline',
      'report',
      'notify',
      'steps',
    ],
    because: 'it composes everything, and nothing imports it',
  },
  // index.ts: the public library
  '': {
    may: ['core', 'stats', 'drivers', ...ENGINES, 'pipeline', 'report', 'steps'],
    because: 'it re-exports what users may use',
  },
}

/** Node modules that do input or output. */
const OUTSIDE = /^node:(fs|fs\/promises|child_process|net|http|https|http2|tls|dgram|dns|worker_threads|cluster|readline)/

const src = join(packageRoot, 'src')
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => ({ file, text: readFileSync(join(src, file), 'utf8') }))
const product = files.filter(({ file }) => !/\.test\.tsx?$|contract\.ts$/.test(file))

const roomOf = (path: string): string => (path.includes('/') ? path.split('/')[0]! : '')
const importsOf = (text: string): string[] =>
  [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^'"\n;]*?(?:\{[^}]*\}[^'"\n]*?)?from\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
    ),
  ].map((match) => match[1] ?? match[2]!)

test('every folder of src is a room of the table', () => {
  expect([...new Set(files.map(({ file }) => roomOf(file)))].filter((room) => !(room in ROOMS))).toEqual([])
})

test('imports run one way', () => {
  const wrong: string[] = []
  for (const { file, text } of product) {
    const room = roomOf(file)
    for (const specifier of importsOf(text).filter((name) => name.startsWith('.'))) {
      const target = roomOf(relative(src, join(src, dirname(file), specifier)))
      const { may, because } = ROOMS[room]!
      if (target !== room && !may.includes(target))
        wrong.push(`${file} imports ${specifier}: ${room || 'src'} may not import ${target || 'src'}, because ${because}`)
    }
  }
  expect(wrong).toEqual([])
})

test('core, stats and report do no input or output', () => {
  const wrong = product
    .filter(({ file }) => ['core', 'stats', 'report'].includes(roomOf(file)))
    .flatMap(({ file, text }) =>
      importsOf(text)
        .filter((name) => OUTSIDE.test(name))
        .map((name) => `${file} imports ${name}`),
    )
  expect(wrong).toEqual([])
})

test('only the cli knows the environment and the current folder', () => {
  const wrong = product
    .filter(({ file }) => roomOf(file) !== 'cli')
    .filter(({ text }) => /\bprocess\.(env|cwd|argv)\b/.test(text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')))
    .map(({ file }) => file)
  expect(wrong).toEqual([])
})

test('ARCHITECTURE.md tells the same table', () => {
  const page = readFileSync(join(packageRoot, 'ARCHITECTURE.md'), 'utf8')
  const missing = Object.keys(ROOMS).filter((room) => room !== '' && !page.includes(`\`${room}/\``))
  expect(missing).toEqual([])
})

test('a file is short', () => {
  // Lists that are generated are as long as what they list.
  const written = files.filter(({ file }) => !file.startsWith('security/policy/allow/'))
  const long = written.map(({ file, text }) => ({ file, lines: text.split('\n').length })).filter(({ lines }) => lines > 500)
  expect(long).toEqual([])
})
