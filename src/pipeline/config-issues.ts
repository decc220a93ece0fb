import type { z } from 'zod'
import { kebabCase } from '../core/step.ts'
import { didYouMean } from '../core/suggest.ts'
import type { ConfigPath, ConfigSource } from './config-source.ts'
import { yamlNames } from './param-names.ts'

type Issue = z.core.$ZodIssue

/** Notes what zod found wrong with the value at `base`, in the words and at the places of the file. */
export function noteIssues(source: ConfigSource, issues: readonly Issue[], base: ConfigPath, schema: z.core.$ZodType): void {
  for (const issue of issues) noteIssue(source, issue, base, schema)
}

function noteIssue(source: ConfigSource, issue: Issue, base: ConfigPath, schema: z.core.$ZodType): void {
  const path = [...base, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))]
  if (issue.code === 'unrecognized_keys') {
    const known = issue.path.length === 0 ? yamlNames(schema) : []
    for (const key of issue.keys)
      source.mistake(`"${key}" is not known here. ${didYouMean(key, known)}`.trim(), [...path, key], 'key')
    return
  }
  if (issue.code === 'invalid_union') {
    const inner = nearest(issue.errors)
    if (inner) return noteIssue(source, { ...inner, path: [...issue.path, ...inner.path] }, base, schema)
  }
  if (issue.code === 'invalid_key') {
    source.mistake(`${issue.issues[0]?.message ?? issue.message}.`, path, 'key')
    return
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    source.mistake(`"${nameOf(path)}" is missing here.`, path.slice(0, -1), 'key')
    return
  }
  source.mistake(`"${nameOf(path)}": ${say(issue)}`, path)
}

/** Of the spellings that a union allows, the one that the value came nearest to: its mistake lies deepest. */
function nearest(errors: readonly (readonly Issue[])[]): Issue | undefined {
  const candidates = errors.flatMap((issues) => issues.slice(0, 1))
  const depth = (issue: Issue) => issue.path.length * 2 + (issue.code === 'invalid_type' ? 0 : 1)
  const deepest = candidates.toSorted((a, b) => depth(b) - depth(a))[0]
  return deepest && depth(deepest) > 0 ? deepest : undefined
}

/** `steps[0]`, `test-data`. */
function nameOf(path: ConfigPath): string {
  const last = path.at(-1)
  if (typeof last !== 'number') return kebabCase(last ?? 'the file')
  return `${kebabCase(String(path.at(-2) ?? ''))}[${last}]`
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of names and values',
  record: 'a map of names and values',
  null: 'nothing',
}

function say(issue: Issue): string {
  const custom = !/^(Too|Invalid|Unrecognized)/.test(issue.message)
  if (custom) return /[.!?]$/.test(issue.message) ? issue.message : `${issue.message}.`
  if (issue.code === 'invalid_type') {
    return `expected ${KINDS[issue.expected] ?? issue.expected}, found ${kindOf(issue.input)}.`
  }
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String)
    const given = issue.input
    return `expected ${allowed.length === 1 ? allowed[0]! : `one of ${allowed.join(', ')}`}. ${typeof given === 'string' && allowed.length > 3 ? didYouMean(given, allowed) : ''}`.trim()
  }
  if (issue.code === 'too_small')
    return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unit(issue.origin)}.`
  if (issue.code === 'too_big')
    return `must be ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unit(issue.origin)}.`
  if (issue.code === 'invalid_union') {
    const kinds = issue.errors.flatMap(([first]) =>
      first?.code === 'invalid_type' ? [KINDS[first.expected] ?? first.expected] : [],
    )
    return kinds.length > 0 ? `expected ${kinds.join(' or ')}, found ${kindOf(issue.input)}.` : 'is not what may stand here.'
  }
  return /[.!?]$/.test(issue.message) ? issue.message : `${issue.message}.`
}

const unit = (origin: string) => (origin === 'string' ? ' characters long' : origin === 'array' ? ' entries' : '')

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return `the text "${value.slice(0, 40)}"`
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'a map'
}
