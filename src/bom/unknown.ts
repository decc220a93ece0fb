import type { Description } from './description.ts'
import { gatesOf, type ModelFacts } from './model-facts.ts'

/** One thing that a card should say and that is not known, with what would make it known. */
export interface Unknown {
  readonly what: string
  readonly how: string
}

const STEPS: readonly (readonly [step: string, what: string])[] = [
  ['validate-schema', 'whether its data keep to a schema'],
  ['check-data-quality', 'the quality of its data'],
  ['evaluate', 'its metrics with their intervals'],
  ['validate-model', 'whether it passes its tests'],
  ['check-fairness', 'how it treats groups of people'],
  ['security-scan', 'whether the file is safe to load'],
]

/** What is missing from the cards of a version, so that an empty place is not taken for a clean one. */
export function unknownsOf(facts: ModelFacts, description: Description): Unknown[] {
  const unknown: Unknown[] = []
  const ask = (missing: boolean, what: string, how: string) => missing && unknown.push({ what, how })
  ask(facts.commit === null, 'the commit', 'Train in a git repository.')
  ask(facts.data === null, 'the training data', 'Train with plimsoll train, or give register-model --data.')
  ask(facts.config === null, 'the training configuration', 'Train with plimsoll train, or give register-model --config.')
  ask(facts.command === null, 'the training command', 'Train with plimsoll train.')
  for (const [step, what] of STEPS) {
    if (step === 'evaluate' && facts.metrics.length > 0) continue
    ask(gatesOf(facts, step).length === 0, what, `Run plimsoll ${step} in the pipeline before register-model.`)
  }
  const say = (missing: boolean, what: string, key: string) => ask(missing, what, `Say it as ${key} in model-card.yaml.`)
  say(description.license === undefined, 'the licence', 'license')
  say(description.summary === undefined, 'what the model does', 'summary')
  say(description['intended-uses'].length === 0, 'the intended uses', 'intended-uses')
  say(description.limitations.length === 0, 'limitations that people know of', 'limitations')
  say(description.architecture === undefined, 'the architecture', 'architecture')
  say(description.contact === undefined && description.authors.length === 0, 'whom to ask', 'contact')
  return unknown
}

/** What the evidence does not show, as sentences: gates that could not decide, thin samples, uncommitted code. */
export function limitsOfEvidence(facts: ModelFacts): string[] {
  const limits = facts.gates.flatMap(({ name, checks, verdict, summary }) => {
    const open = checks.filter(
      (check) => check.verdict === 'inconclusive' || check.verdict === 'error' || check.verdict === 'warn',
    )
    if (open.length === 0 && (verdict === 'inconclusive' || verdict === 'error')) return [`${name} (${verdict}): ${summary}`]
    return open.map((check) => `${name} (${check.verdict}): ${check.title}: ${check.message}`)
  })
  const failed = facts.gates.flatMap(({ name, checks }) =>
    checks.filter(({ verdict }) => verdict === 'fail').map(({ title, message }) => `${name} (fail): ${title}: ${message}`),
  )
  const bare = facts.metrics.filter(({ interval }) => interval === null).map(({ title }) => title)
  return [
    ...failed,
    ...limits,
    ...(bare.length > 0 ? [`No interval is known of: ${bare.join(', ')}.`] : []),
    ...(facts.dirty ? ['The code had changes that are in no commit, so it cannot be had again from the commit alone.'] : []),
  ]
}
