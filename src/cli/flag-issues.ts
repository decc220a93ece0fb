import type { z } from 'zod'
import { UserError } from '../core/errors.ts'
import { kebabCase } from '../core/step.ts'
import { didYouMean } from '../core/suggest.ts'
import { flagSpelling, type Flag } from './flags.ts'

type Issue = z.core.$ZodIssue

/** The mistakes that zod found in a command's parameters, in the words of the command line. */
export function flagError(issues: readonly Issue[], flags: readonly Flag[], command: string): UserError {
  const messages = issues.map((issue) => sayIssue(issue, flags))
  const hint = `See ${command} --help.`
  // What is about no flag alone is about which of them go together.
  const isUsage = issues.every((issue) => isMissing(issue) || issue.path.length === 0)
  const code = isUsage ? 'E_USAGE' : 'E_VALUE'
  if (messages.length === 1) return new UserError(code, messages[0]!, { hint })
  return new UserError(code, `${messages.length} flags of ${command} are not right:`, {
    frame: messages.map((message) => `  - ${message}`).join('\n'),
    hint,
  })
}

function sayIssue(issue: Issue, flags: readonly Flag[]): string {
  const flag = flags.find(({ key }) => key === issue.path[0])
  const inner = (flag?.kind === 'list' ? [] : issue.path.slice(1)).map((part) =>
    typeof part === 'number' ? `[${part}]` : `.${kebabCase(String(part))}`,
  )
  const name = flag ? `--${flag.name}${inner.join('')}` : ''
  if (flag && issue.path.length === 1 && isMissing(issue)) {
    return `${flagSpelling(flag)} is missing${flag.description === '' ? '' : `: ${lowerFirst(flag.description)}`}.`
  }
  if (issue.code === 'unrecognized_keys') return `${name}: ${issue.keys.join(', ')} is not known there.`
  const problem = sayProblem(issue)
  return name === '' ? problem : `${name}: ${problem}`
}

const isMissing = (issue: Issue): boolean => issue.code === 'invalid_type' && issue.input === undefined

function sayProblem(issue: Issue): string {
  const given = issue.input === undefined ? '' : `, given ${show(issue.input)}`
  switch (issue.code) {
    case 'invalid_type':
      return `${KINDS[issue.expected] ?? `a value of type ${issue.expected}`} is expected${given}.`
    case 'invalid_value': {
      const allowed = issue.values.map(String)
      const near = typeof issue.input === 'string' && allowed.length > 1 ? didYouMean(issue.input, allowed) : ''
      const list = `one of ${allowed.join(', ')} is expected${given}.`
      return near.startsWith('Did') ? `${list} ${near}` : list
    }
    case 'too_small':
      if (issue.origin === 'string' && issue.minimum === 1) return 'must not be empty.'
      return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${String(issue.minimum)}${UNITS[issue.origin] ?? ''}${given}.`
    case 'too_big':
      return `must be ${issue.inclusive === false ? 'less than' : 'at most'} ${String(issue.maximum)}${UNITS[issue.origin] ?? ''}${given}.`
    case 'invalid_union': {
      const nearest = issue.errors.flat().find((error) => error.code !== 'invalid_type' || error.path.length > 0)
      return nearest ? sayProblem(nearest) : `this is not a value that it takes${given}.`
    }
    default:
      return /[.!?]$/.test(issue.message) ? issue.message : `${issue.message}.`
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list (a JSON list, or several with commas)',
  object: 'a JSON object',
  record: 'NAME=VALUE or a JSON object',
}
const UNITS: Readonly<Record<string, string>> = { string: ' characters long', array: ' in number' }

function show(value: unknown): string {
  const text = typeof value === 'string' ? `"${value}"` : JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

const lowerFirst = (text: string): string => (/^[A-Z][a-z]/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text)
