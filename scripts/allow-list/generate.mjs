// Writes src/security/policy/allow/*.ts from recordings/*.json, which record.py made, and curated.json: reviews of every name that
// is called and of every method that a loader runs on its own. `--check` only says whether the files are up to date.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const target = join(here, '../../src/security/policy/allow')
const WIDTH = 126
/** Methods that need a review before an object of the class may be restored: a loader runs them over what the pickle says. */
const REVIEWED = /\.__(setstate|del)__$/

const json = (path) => JSON.parse(readFileSync(join(here, path), 'utf8'))

/** Content by file name. @throws Error with everything that has no review */
export function allowFiles() {
  const curated = json('curated.json')
  const recordings = readdirSync(join(here, 'recordings'))
    .filter((name) => name.endsWith('.json'))
    .map((name) => json(`recordings/${name}`))
  const missing = []
  const files = {}
  const exported = []
  for (const recording of recordings) {
    const about = curated.frameworks[recording.framework]
    if (!about) {
      if (!matching(curated.refused, `${recording.framework} `)) missing.push(`framework ${recording.framework}`)
      continue
    }
    const entries = [...entriesOf(recording, curated, missing), ...alsoOf(recording, curated)]
    files[`${about.file}.ts`] = render(about, recording, entries)
    exported.push(about)
  }
  if (missing.length > 0) throw new Error(`Without a review in curated.json:\n${missing.toSorted().join('\n')}`)
  return files
}

function* entriesOf(recording, curated, missing) {
  const about = curated.frameworks[recording.framework]
  for (const [module, names] of Object.entries(recording.modules)) {
    for (const [name, forms] of Object.entries(names)) {
      const key = `${module} ${name}`
      if (name === '' || matching(curated.refused, key)) continue
      const made = forms.some((form) => form === 'new' || form.includes('('))
      const hooks = made ? (recording.hooks[key] ?? []).filter((hook) => REVIEWED.test(hook)) : []
      for (const hook of hooks) if (!matching(curated.hooks, hook)) missing.push(`hook ${hook} (of ${key})`)
      const state = hooks.map((hook) => curated.states[hook]).find((found) => found !== undefined)
      const decision = decide(key, forms, curated, about)
      if (decision) yield { module, name, state, condition: decision[0], reason: decision[1] }
      else missing.push(`call ${key}: ${forms.join(' ')}`)
    }
  }
}

/** What a call of a name must look like, and why it is allowed. */
function decide(key, forms, curated, about) {
  if (forms.includes('enum')) return ['looksUpMember', 'a member of an enumeration']
  if (forms.some((form) => form.includes('('))) return matching(curated.calls, key)
  if (forms.includes('new')) return ['withoutConstructor', about.object]
  return ['neverCalled', about.value]
}

/** Names that were not recorded; each is judged as a recorded one is, and has the reason of its part in curated.json. */
function* alsoOf(recording, curated) {
  const also = curated.also[recording.framework]
  const about = curated.frameworks[recording.framework]
  for (const kind of also ? ['objects', 'values'] : []) {
    for (const [module, names] of Object.entries(also[kind])) {
      for (const name of names.split(' ')) {
        if (recording.modules[module]?.[name]) continue
        const fallback = kind === 'values' ? ['neverCalled', about.value] : ['withoutConstructor', about.object]
        const [condition, reason] = (kind === 'objects' && matching(curated.calls, `${module} ${name}`)) || fallback
        yield { module, name, condition, reason }
      }
    }
  }
}

/** The value of the first pattern that a key matches; `*` stands for anything. */
function matching(patterns, key) {
  for (const [pattern, value] of Object.entries(patterns)) {
    if (!pattern.includes('*')) {
      if (pattern === key) return value
      continue
    }
    const expression = pattern.split('*').map((part) => part.replace(/[.$()+?^[\]{}|\\]/g, '\\$&'))
    if (new RegExp(`^${expression.join('.*')}$`).test(key)) return value
  }
  return undefined
}

function render({ title, export: exportName }, recording, entries) {
  const groups = new Map()
  for (const { module, name, condition, state, reason } of entries) {
    const key = JSON.stringify([condition, state ?? '', reason])
    if (!groups.has(key)) groups.set(key, { condition, state, reason, modules: {} })
    ;(groups.get(key).modules[module] ??= []).push(name)
  }
  const text = [
    '// Written by scripts/allow-list/generate.mjs from what the serialisers were recorded to write. Do not edit it by hand.',
    "import type { AllowList } from '../allow-group.ts'",
    "import { nameTable } from '../name-table.ts'",
    '',
    `export const ${exportName}: AllowList = {`,
    `  framework: ${quote(title)},`,
    `  versions: [${recording.versions.map(quote).join(', ')}],`,
    '  groups: [',
  ]
  for (const [, { condition, state, reason, modules }] of [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    text.push('    {', `      condition: ${quote(condition)},`)
    if (state) text.push(`      state: ${quote(state)},`)
    text.push(`      reason: ${quote(reason)},`, '      names: nameTable(`')
    for (const module of Object.keys(modules).toSorted()) text.push(...line(module, modules[module].toSorted()))
    text.push('`),', '    },')
  }
  return [...text, '  ],', '}', ''].join('\n')
}

const quote = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

/** `module: name name`, wrapped. */
function line(module, names) {
  const lines = []
  let current = `${module}:`
  for (const name of names) {
    if (current.length + 1 + name.length > WIDTH) {
      lines.push(current)
      current = '   '
    }
    current += ` ${name}`
  }
  return [...lines, current]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = allowFiles()
  const stale = Object.entries(files).filter(([name, content]) => {
    try {
      return readFileSync(join(target, name), 'utf8') !== content
    } catch {
      return true
    }
  })
  const left = readdirSync(target).filter((name) => !(name in files))
  if (process.argv.includes('--check')) {
    for (const name of [...stale.map(([stem]) => stem), ...left]) console.log(`Not up to date: src/security/policy/allow/${name}`)
    process.exit(stale.length + left.length > 0 ? 1 : 0)
  }
  for (const [name, content] of stale) writeFileSync(join(target, name), content)
  for (const name of left) rmSync(join(target, name))
  console.log(`Written: ${stale.map(([name]) => name).join(' ') || 'nothing'}`)
}
