import { LEVELS } from '../hardening/results.ts'
import { RULES } from '../hardening/rules.ts'
import type { RuleDescription } from '../report/sarif.ts'

/** Severities for GitHub's list of security alerts: high, medium and low. */
const SECURITY_SEVERITY = { high: 8.0, medium: 5.5, low: 2.5 } as const

/** The rules of `doctor --security`, for SARIF. */
export function hardeningRules(): RuleDescription[] {
  return Object.entries(RULES).map(([id, { title, severity, why, fix, source }]) => ({
    id,
    title,
    why: `${why} Recommended by: ${source}.`,
    fix,
    severity: LEVELS[severity],
    tags: ['security', 'supply-chain'],
    securitySeverity: SECURITY_SEVERITY[severity],
  }))
}
