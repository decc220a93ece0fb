import type { Severity } from '../rule.ts'
import { contextsIn, type ContextPath } from './parse.ts'

/** What can be in a value: text that strangers choose, or that somebody with rights chooses. */
export interface Taint {
  readonly severity: Severity
  /** `github.event.issue.title` */
  readonly source: string
}

/** What the surroundings say of names that an expression can refer to. */
export interface Scope {
  /** The input is limited to values that do no harm: a boolean, a number, one of a list. */
  isLimitedInput(name: string): boolean
  /** The expression, or text with expressions, that a variable of `env` is set to; undefined when nothing in the file sets it. */
  env(name: string): string | undefined
  /** The text of the step of that id: its action, its script and what it is given. */
  step(id: string): string | undefined
}

/**
 * Fields of events that are numbers, digests or chosen by GitHub. All else of `github.event` is taken to be free text (GitHub,
 * "Security hardening", untrusted input; names of branches may hold `$`, `;` and backticks).
 */
const SAFE_FIELD =
  /^(?:id|node_id|number|sha|before|after|action|created_at|updated_at|closed_at|merged_at|merged|draft|state|locked|private|fork|forced|created|deleted|commit_id|base_ref_sha|merge_commit_sha|run_id|run_number|run_attempt|workflow_id|conclusion|status|event|login|type|author_association|url|html_url|clone_url|git_url|ssh_url|head_sha|comments|commits_count|additions|deletions|changed_files|size|full_name|visibility)$/

/** Of the repository that the workflow is in, chosen by its owners. */
const OWN =
  /^github\.event\.(?:repository|organization|enterprise|installation)(?:\.|$)|^github\.event\.pull_request\.base(?:\.repo)?(?:\.|$)/

/** Outputs that are the names of files or branches of a pull request. */
const FILE_NAMES =
  /\b(?:tj-actions\/(?:changed-files|verify-changed-files|branch-names)|dorny\/paths-filter|jitterbit\/get-changed-files|xt0rted\/pull-request-comment-branch|trilom\/file-changes-action)\b/i

/** The worst that an expression can have as its value; undefined when it is harmless. */
export function taintOf(expression: string, scope: Scope, depth = 0): Taint | undefined {
  let worst: Taint | undefined
  for (const path of contextsIn(expression)) {
    const taint = taintOfPath(path, scope, depth)
    if (taint && (!worst || RANK[taint.severity] > RANK[worst.severity])) worst = taint
  }
  return worst
}

const RANK: Readonly<Record<Severity, number>> = { low: 0, medium: 1, high: 2 }

function taintOfPath(path: ContextPath, scope: Scope, depth: number): Taint | undefined {
  const source = path.join('.')
  const [root, second, third] = path
  switch (root) {
    case 'github':
      return ofGithub(source, path, scope)
    case 'inputs':
      return second !== undefined && scope.isLimitedInput(second) ? undefined : { severity: 'high', source }
    case 'env': {
      if (second === undefined || depth > 5) return undefined
      const value = scope.env(second)
      if (value === undefined) return { severity: 'low', source }
      return through(value, source, scope, depth)
    }
    case 'steps': {
      const step = second === undefined || third !== 'outputs' ? undefined : scope.step(second)
      if (step === undefined || depth > 5) return undefined
      if (FILE_NAMES.test(step)) return { severity: 'high', source: `${source} (names of files and branches of the request)` }
      const inner = through(step, source, scope, depth)
      return inner && { ...inner, severity: 'medium' }
    }
    default:
      return undefined
  }
}

/** A value that was made of other expressions. */
function through(text: string, source: string, scope: Scope, depth: number): Taint | undefined {
  for (const [, inside] of text.slice(0, 20_000).matchAll(/\$\{\{([^}]*)\}\}/g)) {
    const taint = taintOf(inside!.trim(), scope, depth + 1)
    if (taint && taint.severity !== 'low') return { ...taint, source: `${source}, which is ${taint.source}` }
  }
  return undefined
}

function ofGithub(source: string, path: ContextPath, scope: Scope): Taint | undefined {
  const [, second, third, fourth] = path
  if (second === 'head_ref' || second === undefined) return { severity: 'high', source }
  // Names of branches and tags: whoever may push chooses them.
  if (second === 'ref_name' || second === 'ref' || second === 'base_ref') return { severity: 'medium', source }
  if (second === 'actor' || second === 'triggering_actor') return { severity: 'low', source }
  if (second !== 'event') return undefined
  if (third === 'inputs') return fourth !== undefined && scope.isLimitedInput(fourth) ? undefined : { severity: 'high', source }
  if (OWN.test(source) || (path.length > 2 && SAFE_FIELD.test(path.at(-1)!))) return undefined
  return { severity: 'high', source }
}
