import type { Finding } from '../core/check.ts'
import type { FileScan } from '../security/file-scan.ts'
import { RULES, type RuleId } from '../security/rules.ts'

/** The finding that says most about a file: the first of the worst kind. */
export function worstFinding({ findings }: Pick<FileScan, 'findings'>): Finding | undefined {
  const kinds = ['dangerous', 'suspicious', 'unexamined', 'note'] as const
  return kinds
    .map((kind) => findings.find(({ rule }) => RULES[rule as RuleId].kind === kind))
    .find((finding) => finding !== undefined)
}

/** What to do about a file that did not pass the security scan: the advice of its worst finding. */
export function scanHint({ findings }: Pick<FileScan, 'findings'>): string {
  const rules = findings.map(({ rule }) => rule as RuleId)
  const worst = worstFinding({ findings })?.rule as RuleId | undefined
  if (worst === undefined) return ''
  const names = unknownNames(findings)
  const allowed = rules.every((rule) => UNKNOWN.has(rule) || RULES[rule].kind === 'note')
  return allowed && names.length > 0 ? `${RULES[worst].fix} Names to review: ${names.join(', ')}.` : RULES[worst].fix
}

const UNKNOWN: ReadonlySet<RuleId> = new Set(['pickle.unknown-call', 'pickle.unknown-import'])
const MOST_NAMES = 5

/** The names that no allow-list has, as they would be written into the project's own. */
function unknownNames(findings: FileScan['findings']): string[] {
  const names = new Set<string>()
  for (const { rule, evidence } of findings) {
    const { module, name } = (evidence ?? {}) as { module?: unknown; name?: unknown }
    if (UNKNOWN.has(rule as RuleId) && typeof module === 'string' && typeof name === 'string') names.add(`${module}.${name}`)
  }
  return [...names].slice(0, MOST_NAMES)
}
