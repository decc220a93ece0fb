import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot, version } from '../src/drivers/self.ts'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly type: string
  readonly main?: string
  readonly bin: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean }>>
}
const manifest = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as Manifest

/** What `npm publish` would send; nothing is run and nothing is asked of a registry. */
const packed: readonly string[] = (() => {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const line = ['pack', '--dry-run', '--json', '--ignore-scripts', '--offline', '--loglevel=error']
  const output = execFileSync(npm, line, { cwd: packageRoot, encoding: 'utf8', shell: process.platform === 'win32' })
  const [{ files }] = JSON.parse(output) as [{ files: readonly { readonly path: string }[] }]
  return files.map(({ path }) => path)
})()
const isPacked = (path: string): boolean => packed.includes(path.replace(/^\.\//, ''))

test('the package holds what it needs', () => {
  const beside = packed.filter((path) => !path.startsWith('dist/'))
  expect(beside.toSorted()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'bin/plimsoll.js',
    'package.json',
    'plimsoll.schema.json',
    'src/model/predictors/python/plimsoll_worker/__init__.py',
    'src/model/predictors/python/plimsoll_worker/__main__.py',
    'src/model/predictors/python/plimsoll_worker/answers.py',
    'src/model/predictors/python/plimsoll_worker/boosters.py',
    'src/model/predictors/python/plimsoll_worker/estimators.py',
    'src/model/predictors/python/plimsoll_worker/functions.py',
    'src/model/predictors/python/plimsoll_worker/importances.py',
    'src/model/predictors/python/plimsoll_worker/limits.py',
    'src/model/predictors/python/plimsoll_worker/loading.py',
    'src/model/predictors/python/plimsoll_worker/messages.py',
    'src/model/predictors/python/plimsoll_worker/rows.py',
    'src/model/predictors/python/plimsoll_worker/shortcuts.py',
    'validation.schema.json',
  ])
  for (const built of ['index', 'cli/main', 'cli/commands/serve', 'load/worker', 'steps/validate-schema']) {
    expect(packed).toContain(`dist/${built}.js`)
  }
})

test('and nothing else: code and types of sources that there are, and no tests', () => {
  const built = packed.filter((path) => path.startsWith('dist/'))
  const sourceOf = (path: string) => path.replace(/^dist/, 'src').replace(/(\.d\.ts|\.js)$/, '')
  const odd = built.filter(
    (path) => !['.ts', '.tsx'].some((extension) => existsSync(join(packageRoot, sourceOf(path) + extension))),
  )
  expect(odd).toEqual([])
  expect(packed.filter((path) => /\.test\.|(^|\/)(test|bench|examples|fixtures)\//.test(path))).toEqual([])
})

test('every way in exists, types first', () => {
  expect(manifest.type).toBe('module')
  const targets = Object.values(manifest.exports)
  // TypeScript takes the first condition that fits.
  for (const target of targets.filter((each) => typeof each !== 'string'))
    expect(Object.keys(target)).toEqual(['types', 'default'])
  const files = targets.flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)))
  expect(files.filter((path) => !isPacked(path) || !existsSync(join(packageRoot, path)))).toEqual([])
})

test('the command is packed, can be run, and runs on what is packed', () => {
  const bin = manifest.bin['plimsoll']!
  expect(isPacked(bin)).toBe(true)
  expect(readFileSync(join(packageRoot, bin), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
  const isExecutable = process.platform === 'win32' || (statSync(join(packageRoot, bin)).mode & 0o111) !== 0
  expect(isExecutable).toBe(true)
  expect(execFileSync(process.execPath, [join(packageRoot, bin), '--version'], { encoding: 'utf8' })).toBe(`${version()}\n`)
})

test('whatever the code imports is declared', () => {
  const declared = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.peerDependencies }
  const foreign = new Set<string>()
  for (const path of packed.filter((file) => /^dist\/.*\.(js|d\.ts)$/.test(file))) {
    const text = readFileSync(join(packageRoot, path), 'utf8')
    for (const [, of, dynamic] of text.matchAll(
      /^(?:import|export)\s(?:[\w*{},\s$]*?\sfrom\s)?['"]([^'"]+)['"]|\bimport\(['"]([^'"]+)['"]\)/gm,
    )) {
      const name = of ?? dynamic!
      const [scope, rest] = name.split('/')
      if (!name.startsWith('.') && !isBuiltin(name)) foreign.add(name.startsWith('@') ? `${scope}/${rest}` : scope!)
    }
  }
  expect(foreign.size).toBeGreaterThan(5)
  expect([...foreign].filter((name) => !(name in declared)).toSorted()).toEqual([])
})

test('what is optional is marked so', () => {
  expect(Object.keys(manifest.peerDependenciesMeta).toSorted()).toEqual(Object.keys(manifest.peerDependencies).toSorted())
  expect(Object.values(manifest.peerDependenciesMeta).every(({ optional }) => optional === true)).toBe(true)
})

test('a program finds the library and the schemas by the names of the package', async () => {
  const require = createRequire(join(packageRoot, 'package.json'))
  expect(require.resolve('plimsoll/schema.json')).toBe(join(packageRoot, 'plimsoll.schema.json'))
  expect(require.resolve('plimsoll/validation.schema.json')).toBe(join(packageRoot, 'validation.schema.json'))
  expect(require.resolve('plimsoll/package.json')).toBe(join(packageRoot, 'package.json'))
  const script =
    "import { ModelTestSuite } from 'plimsoll'; import * as onnx from 'plimsoll/onnx'; console.log(typeof ModelTestSuite, 'encodeOnnx' in onnx)"
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: packageRoot, encoding: 'utf8' })
  expect(output).toBe('function true\n')
})
