import { checkResult, type CheckResult, type Finding } from '../core/check.ts'
import { count } from '../core/counts.ts'
import { formatAge } from './age.ts'
import { openEvidence, type Evidence, type Trusted, type VerifyIdentity } from './evidence.ts'
import { GATE_TITLES, type Gate } from './gate.ts'
import { judgePredicate } from './judge-predicate.ts'
import { rootDigest, manifestOf } from './manifest.ts'
import { compareWithSignature } from './model-signature.ts'
import { hexOf, subjectsOf, type ModelSubject } from './statement.ts'
import type { TrustPolicy } from './trust-policy.ts'

/** The model that is verified, as it is now. */
export interface ModelNow extends ModelSubject {
  /** Absolute path of its bytes. */
  readonly path: string
  /** Files in its folder that are no part of it. */
  readonly except: readonly string[]
  /** The registry's entry and the digest of all that it says; null for a model that is not from the registry. */
  readonly entry: { readonly name: string; readonly digest: string } | null
}

export interface JudgeParts {
  readonly model: ModelNow
  readonly evidence: readonly Evidence[]
  readonly policy: TrustPolicy
  readonly now: Date
  readonly verifyIdentity: VerifyIdentity
  /** Leaves the age of what was measured aside: for going back to what was let through before. */
  readonly anyAge?: boolean
}

export interface Judgement {
  readonly results: readonly CheckResult[]
  /** What was signed by who is trusted, and is about this model. */
  readonly accepted: readonly Trusted[]
  /** Gates that hold. */
  readonly gates: readonly Gate[]
}

/**
 * Holds a model and what is put forward for it against a policy. Nothing that is put forward may be broken: a changed byte
 * anywhere is a `fail` that names what was changed, whether or not the policy asks for that statement.
 */
export async function judgeEvidence(parts: JudgeParts): Promise<Judgement> {
  const { model, evidence, policy, verifyIdentity } = parts
  const problems: Finding[] = []
  const accepted: Trusted[] = []
  const ofOthers: Trusted[] = []
  for (const each of evidence) {
    const opened = await openEvidence(each, policy, verifyIdentity)
    if ('problem' in opened) problems.push(finding(opened.problem))
    else {
      const wrong = await notAbout(opened, model)
      if (wrong === undefined) ofOthers.push(opened)
      else if (wrong.length > 0) problems.push(...wrong)
      else accepted.push(opened)
    }
  }
  problems.unshift(...speaksOfOther(ofOthers, model))
  const answers = policy.require.map((gate) => ({ gate, result: answer(gate, accepted, parts, problems.length > 0) }))
  return {
    results: [integrity(evidence.length, problems, policy), ...answers.map(({ result }) => result)],
    accepted,
    gates: answers.filter(({ result }) => result.verdict === 'pass').map(({ gate }) => gate),
  }
}

/** What a model signature says differently, file by file; undefined when a statement is about another model altogether. */
async function notAbout({ name, statement, gate, by }: Trusted, model: ModelNow): Promise<Finding[] | undefined> {
  if (gate === 'signature') {
    const differences = await compareWithSignature(statement, model.path, model.except)
    return differences.map((difference) => ({ ...difference, message: `${difference.message} (${name}, ${by})` }))
  }
  const subjects = subjectsOf(statement)
  return subjects.includes(hexOf(model.digest)) || subjects.includes(hexOf(await manifestDigest(model))) ? [] : undefined
}

/** One finding for each digest that is spoken of instead of the model's. */
function speaksOfOther(statements: readonly Trusted[], { name, digest }: ModelNow): Finding[] {
  const bySubject = new Map<string, Trusted[]>()
  for (const each of statements) {
    const subject = subjectsOf(each.statement)[0] ?? 'nothing'
    bySubject.set(subject, [...(bySubject.get(subject) ?? []), each])
  }
  return [...bySubject].map(([subject, said]) => {
    const signers = [...new Set(said.map(({ by }) => by))].join(', ')
    return finding(
      `${name}: its sha256 is ${hexOf(digest)}, and what was signed by ${signers} speaks of ${subject}: ${said.map((each) => each.name).join(', ')}`,
    )
  })
}

/** cosign and others name a folder by nothing, and model-signing names a file by the digest of its manifest. */
async function manifestDigest({ path, except }: ModelNow) {
  return rootDigest((await manifestOf(path, { except })).entries)
}

function integrity(total: number, problems: readonly Finding[], { require }: TrustPolicy): CheckResult {
  const check = { check: 'verify.integrity', title: 'What is signed is as it was signed' }
  if (total === 0) {
    return checkResult({
      ...check,
      // Nothing was asked for and nothing is there: then nothing can be said.
      verdict: require.length > 0 ? 'fail' : 'error',
      message: 'There is no signature and no signed statement for this model.',
      hint: 'Register it with a key: plimsoll register-model --key FILE. Or name what there is with --attestations and --signature.',
    })
  }
  const [first] = problems
  if (first === undefined) {
    return checkResult({
      ...check,
      verdict: 'pass',
      message: `${count(total, 'signature')} of trusted keys, and every digest is that of the bytes as they are now.`,
    })
  }
  const more = problems.length > 1 ? ` (and ${count(problems.length - 1, 'more problem')})` : ''
  return checkResult({
    ...check,
    verdict: 'fail',
    message: `${first.message}${more}`,
    findings: problems,
    hint: 'Do not use this model before it is known who changed what. To sign what there is now, register it again from its source.',
  })
}

function answer(gate: Gate, accepted: readonly Trusted[], parts: JudgeParts, hasProblems: boolean): CheckResult {
  const check = { check: `verify.${gate}`, title: GATE_TITLES[gate] }
  const statements = accepted.filter((each) => each.gate === gate)
  if (statements.length === 0) {
    return checkResult({
      ...check,
      verdict: 'fail',
      message: `The policy asks for ${gate}, and nothing that a trusted key has signed says it${hasProblems ? '; see what was changed' : ''}.`,
      hint: MISSING[gate],
    })
  }
  const judged = statements.toReversed().map((each) => ({ each, judged: judgePredicate(gate, each, parts) }))
  // The newest word counts: a test that failed after one that passed is not outweighed by it.
  const newest = judged.toSorted((a, b) => b.judged.at - a.judged.at)[0]!
  const { name, by } = newest.each
  const { problems, at, said, hint } = newest.judged
  const age = at > 0 ? `, ${formatAge(Math.max(0, parts.now.getTime() - at))} ago` : ''
  if (problems.length === 0) {
    return checkResult({ ...check, verdict: 'pass', message: `${said}, signed by ${by}${age} (${name}).` })
  }
  return checkResult({
    ...check,
    verdict: 'fail',
    message: `${name}: ${problems.join('; ')}.`,
    findings: problems.map((problem) => finding(`${name}: ${problem}`)),
    ...(hint !== undefined && { hint }),
  })
}

const MISSING: Readonly<Record<Gate, string>> = {
  'data-validation': 'Run validate-schema and check-data-quality in the pipeline, before register-model with a key.',
  'model-tests': 'Run validate-model in the pipeline, before register-model with a key.',
  fairness: 'Run check-fairness in the pipeline, before register-model with a key.',
  'security-scan': 'plimsoll register-model --key FILE scans the model and signs what it found.',
  provenance: 'plimsoll register-model --key FILE signs what the model was made from.',
  signature: 'plimsoll sign MODEL --key FILE signs the model itself.',
}

const finding = (message: string): Finding => ({ message, severity: 'error', rule: 'verify.changed' })
