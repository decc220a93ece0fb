import type { z } from 'zod'
import { formatAge } from './age.ts'
import { firstIssue } from '../core/issues.ts'
import type { Trusted } from './evidence.ts'
import type { Gate } from './gate.ts'
import type { JudgeParts } from './judge-evidence.ts'
import { commitOf, ProvenanceDocument } from './predicates/provenance.ts'
import { ScanResultDocument, scanProperty } from './predicates/scan-result.ts'
import { TestResultDocument } from './predicates/test-result.ts'

/** Clocks of two machines may differ by so much. */
const CLOCK_SKEW_MS = 5 * 60_000
const LEVELS = ['framework', 'strict']

/** How one statement stands to the policy. */
export interface PredicateJudgement {
  /** Each completes "model-tests.sigstore.json: …". */
  readonly problems: readonly string[]
  /** When it was measured, in milliseconds since 1970; 0 when it does not say. */
  readonly at: number
  /** What it says, as the beginning of a sentence. */
  readonly said: string
  readonly hint?: string
}

/** Holds what a statement says against what the policy asks of its kind. */
export function judgePredicate(gate: Gate, { statement }: Trusted, parts: JudgeParts): PredicateJudgement {
  const { predicate } = statement
  if (gate === 'signature') return { problems: [], at: 0, said: 'Every file is as it was' }
  if (gate === 'security-scan') return read(ScanResultDocument, predicate, (scan) => judgeScan(scan, parts))
  if (gate === 'provenance') return read(ProvenanceDocument, predicate, (made) => judgeProvenance(made, parts))
  return read(TestResultDocument, predicate, (test) => judgeTests(test, parts))
}

function read<Document extends z.ZodType>(
  document: Document,
  predicate: unknown,
  judge: (value: z.output<Document>) => PredicateJudgement,
): PredicateJudgement {
  const parsed = document.safeParse(predicate)
  if (parsed.success) return judge(parsed.data)
  return { problems: [`it does not say what was found: ${firstIssue(parsed.error)}`], at: 0, said: '' }
}

function judgeTests(
  { result, plimsoll_measuredAt, plimsoll_tool }: z.output<typeof TestResultDocument>,
  parts: JudgeParts,
): PredicateJudgement {
  const at = Date.parse(plimsoll_measuredAt)
  const verdict = result === 'FAILED' ? ['the result that it states is FAILED'] : []
  return {
    problems: [...verdict, ...tooOld(at, parts), ...tooSmall(plimsoll_tool.version, parts)],
    at,
    said: result === 'WARNED' ? 'Passed with warnings' : 'Passed',
    hint: result === 'FAILED' ? 'A model whose tests fail is not released. Mend it, and run the pipeline again.' : MEASURE_AGAIN,
  }
}

function judgeScan(scan: z.output<typeof ScanResultDocument>, parts: JudgeParts): PredicateJudgement {
  const { policy } = parts
  const at = Date.parse(scan.timeCreated)
  const problems: string[] = []
  if (scan.plimsoll_outcome !== 'pass' || !scan.properties.includes(scanProperty(scan.plimsoll_level))) {
    problems.push(`the scan that it states ended with ${scan.plimsoll_outcome}`)
  }
  if (LEVELS.indexOf(scan.plimsoll_level) < LEVELS.indexOf(policy.scanLevel)) {
    problems.push(`it was scanned at the level ${scan.plimsoll_level}, and the policy asks for ${policy.scanLevel}`)
  }
  if (policy.rulesets && !policy.rulesets.includes(scan.plimsoll_ruleset)) {
    problems.push(`it was scanned by the rules ${scan.plimsoll_ruleset}, which the policy does not name`)
  }
  return {
    problems: [...problems, ...tooOld(at, parts), ...tooSmall(scan.verifier.plimsoll_version, parts)],
    at,
    said: `Nothing was found at the level ${scan.plimsoll_level}`,
    hint: MEASURE_AGAIN,
  }
}

function judgeProvenance(made: z.output<typeof ProvenanceDocument>, parts: JudgeParts): PredicateJudgement {
  const { policy, model } = parts
  const { dirty, registryEntry } = made.buildDefinition.internalParameters
  const { builder, metadata } = made.runDetails
  const commit = commitOf(made)
  const at = Date.parse(metadata.finishedOn)
  const problems: string[] = []
  if (model.entry && registryEntry && (registryEntry.name !== model.entry.name || registryEntry.digest !== model.entry.digest)) {
    problems.push(
      `the registry's entry ${model.entry.name} was changed: what it says has the digest ${model.entry.digest}, and ${registryEntry.name} with ${registryEntry.digest} was signed`,
    )
  }
  if (policy.cleanTree && commit === undefined) problems.push('it names no commit, and the policy asks for committed source')
  if (policy.cleanTree && dirty)
    problems.push(`the model was made with changes that were not committed (commit ${commit ?? 'not known'})`)
  if (policy.builders && !policy.builders.includes(builder.id))
    problems.push(`the model was made by ${builder.id}, which the policy does not name`)
  if (policy.commits && !policy.commits.some((allowed) => commit?.startsWith(allowed))) {
    problems.push(`the model comes from the commit ${commit ?? 'not known'}, which the policy does not name`)
  }
  return {
    // How a model was made does not age; what was measured of it does.
    problems: [...problems, ...tooOld(at, { ...parts, anyAge: true }), ...tooSmall(builder.version['plimsoll'] ?? '0', parts)],
    at,
    said: `Made from commit ${commit?.slice(0, 12) ?? 'not known'}${dirty ? ' with uncommitted changes' : ''} by ${builder.id}`,
    hint: 'Train from committed source where the policy says, and register the model again with a key.',
  }
}

const MEASURE_AGAIN = 'Measure it again: plimsoll run --no-cache, with a key for register-model.'

function tooOld(at: number, { policy: { maxAge }, now, anyAge = false }: JudgeParts): string[] {
  const age = now.getTime() - at
  if (age < -CLOCK_SKEW_MS) return [`it says that it was measured in the future, at ${new Date(at).toISOString()}`]
  if (anyAge || maxAge === undefined || age <= maxAge) return []
  return [`it was measured ${formatAge(age)} ago, and the policy allows ${formatAge(maxAge)}`]
}

function tooSmall(version: string, { policy: { minimumVersion } }: JudgeParts): string[] {
  if (minimumVersion === undefined || !isBefore(version, minimumVersion)) return []
  return [`it was measured by Plimsoll ${version}, and the policy asks for ${minimumVersion} or later`]
}

/** Whether a version is before another; what is not a version is before all. */
function isBefore(version: string, minimum: string): boolean {
  const parts = (text: string) => text.split(/[.-]/).slice(0, 3).map(Number)
  const [a, b] = [parts(version), parts(minimum)]
  for (let i = 0; i < 3; i++) {
    const [left, right] = [a[i] ?? 0, b[i] ?? 0]
    if (Number.isNaN(left)) return true
    if (left !== right) return left < right
  }
  return false
}
