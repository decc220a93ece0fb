import { resolve } from 'node:path'
import type { Report } from '../core/report.ts'
import { writeFileAtomic } from '../drivers/files.ts'
import { version } from '../drivers/self.ts'
import { renderSarif, type RuleDescription } from '../report/sarif.ts'
import { RULES } from '../security/rules.ts'

/** Severities for GitHub's list of security alerts: high, medium and low. */
const SECURITY_SEVERITY = { error: 8.8, warning: 5.5, note: 2.0 } as const

/** Writes what a report found as SARIF, for code scanning; relative paths from the folder in which the command works. */
export async function writeSarif(
  cwd: string,
  path: string,
  report: Report,
  { exitCode, rules = [] }: { exitCode: number; rules?: readonly RuleDescription[] },
): Promise<void> {
  const all = [...scanRules(), ...rules]
  await writeFileAtomic(resolve(cwd, path), renderSarif(report, { version: version(), rules: all, exitCode }))
}

function scanRules(): RuleDescription[] {
  return Object.entries(RULES).map(([id, { title, kind, severity, why, fix }]) => ({
    id,
    title,
    why,
    fix,
    severity,
    tags: ['security', 'model-file', kind],
    securitySeverity: SECURITY_SEVERITY[severity],
  }))
}
