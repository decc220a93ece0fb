import { count, formatCount } from '../core/counts.ts'
import type { Measurement } from '../core/check.ts'
import type { Description } from './description.ts'
import { frontMatter } from './front-matter.ts'
import { codeText, list, plainText, table } from './markdown-text.ts'
import { gatesOf, type GateFact, type MetricFact, type ModelFacts, type NamedFile } from './model-facts.ts'
import { sliceName } from './performance.ts'
import { limitsOfEvidence, unknownsOf } from './unknown.ts'

const MOST_ROWS = 60

/**
 * A model card in Markdown with the metadata that the Hugging Face hub reads. Every number comes from a result, with its interval
 * and sample size; what people say comes from their description, and what nobody has said stands in a list of its own.
 */
export function modelCard(facts: ModelFacts, description: Description): string {
  const sections = [
    ['Uses', usesOf(description)],
    ['Evaluation', evaluationOf(facts)],
    ['Fairness', fairnessOf(facts, description)],
    ['Tests', testsOf(facts)],
    ['Data', dataOf(facts, description)],
    ['Training', trainingOf(facts, description)],
    ['Security', securityOf(facts)],
    ['Limitations', list([...description.limitations, ...description.tradeoffs])],
    ['Limits of the evidence', list(limitsOfEvidence(facts))],
    ['Ethical considerations', ethicsOf(description)],
    ...Object.entries(description.sections).map(([heading, text]) => [plainText(heading), [text.trim(), '']] as const),
    ['Provenance', provenanceOf(facts)],
    [
      'Not known',
      list(unknownsOf(facts, description).map(({ what, how }) => `${what.charAt(0).toUpperCase()}${what.slice(1)}. ${how}`)),
    ],
  ] as const
  const blocks = sections.flatMap(([heading, lines]) => (lines.length === 0 ? [] : [`## ${heading}`, '', ...lines]))
  const intro = [...(description.summary === undefined ? [] : [plainText(description.summary), '']), ...peopleOf(description)]
  return `---\n${frontMatter(facts, description)}---\n\n${[`# ${plainText(facts.name)} ${plainText(facts.version)}`, '', ...intro, ...blocks].join('\n').trimEnd()}\n`
}

function peopleOf({ authors, organization, contact, repository }: Description): string[] {
  const lines = [
    ...(authors.length > 0 ? [`Authors: ${authors.map(({ name }) => plainText(name)).join(', ')}`] : []),
    ...(organization ? [`Organization: ${plainText(organization.name)}`] : []),
    ...(contact === undefined ? [] : [`Contact: ${plainText(contact)}`]),
    ...(repository === undefined ? [] : [`Repository: <${repository.replaceAll(/[<>\s]/g, '')}>`]),
  ]
  return lines.length === 0 ? [] : [...lines.map((line) => `- ${line}`), '']
}

function usesOf(description: Description): string[] {
  const part = (heading: string, items: readonly string[]) => (items.length === 0 ? [] : [`### ${heading}`, '', ...list(items)])
  return [
    ...part('Users', description.users),
    ...part('Intended uses', description['intended-uses']),
    ...part('Not for', description['out-of-scope-uses']),
  ]
}

function evaluationOf(facts: ModelFacts): string[] {
  if (facts.metrics.length === 0) return []
  const { testData, testRows } = facts
  const on = testData ? [`On ${named(testData)}${testRows === null ? '' : `, ${count(testRows, 'row')}`}.`, ''] : []
  return [...on, ...table(['Metric', 'Value', 'Interval', 'Rows'], facts.metrics.map(metricRow))]
}

function metricRow({ title, value, interval, n, note }: MetricFact): string[] {
  return [
    plainText(note === undefined ? title : `${title} (${note})`),
    figure(value),
    interval === null ? 'not known' : `${range(interval)} (${interval.confidence * 100} %, ${plainText(interval.method)})`,
    n === null ? 'not known' : formatCount(n),
  ]
}

const figure = (value: number): string => String(Number(value.toPrecision(4)))
const range = ({ lower, upper }: { lower: number | null; upper: number | null }): string =>
  `${lower === null ? '…' : figure(lower)} to ${upper === null ? '…' : figure(upper)}`

function fairnessOf(facts: ModelFacts, description: Description): string[] {
  const checks = gatesOf(facts, 'check-fairness').flatMap((gate) => gate.checks)
  const judged = checks.flatMap(({ title, verdict, measurements }) => {
    const [main] = measurements
    return main && main.slice === undefined ? [[plainText(title), verdict, ...measured(main)]] : []
  })
  const groups = new Map<string, string[]>()
  for (const { name, slice, ...measurement } of checks.flatMap(({ measurements }) => measurements)) {
    if (slice === undefined) continue
    const row = [plainText(sliceName(slice)), plainText(name), ...measured({ name, ...measurement })]
    groups.set(`${row[0]} ${row[1]}`, row)
  }
  const rows = [...groups.values()]
  const left = rows.length - MOST_ROWS
  const people = description.fairness.map(({ group, harms, benefits, mitigation }) =>
    [group, harms && `harms: ${harms}`, benefits && `benefits: ${benefits}`, mitigation && `mitigation: ${mitigation}`]
      .filter((part) => part !== undefined && part !== '')
      .join('; '),
  )
  return [
    ...table(['Difference between groups', 'Verdict', 'Value', 'Interval', 'Rows'], judged),
    ...table(['Group', 'Measure', 'Value', 'Interval', 'Rows'], rows.slice(0, MOST_ROWS)),
    ...(left > 0 ? [`${left} further rows are in the bill of materials.`, ''] : []),
    ...list(people),
  ]
}

function measured({ value, interval, n }: Measurement): string[] {
  return [
    typeof value === 'number' ? figure(value) : plainText(String(value)),
    interval ? `${range(interval)} (${interval.confidence * 100} %)` : '',
    n === undefined ? '' : formatCount(n),
  ]
}

function testsOf(facts: ModelFacts): string[] {
  const checks = gatesOf(facts, 'validate-model').flatMap((gate) => gate.checks)
  return table(
    ['Test', 'Verdict', 'Found'],
    checks.map(({ title, verdict, message }) => [plainText(title), verdict, plainText(message)]),
  )
}

function dataOf(facts: ModelFacts, description: Description): string[] {
  const gates = [...gatesOf(facts, 'validate-schema'), ...gatesOf(facts, 'check-data-quality')]
  const rows = gates.map((gate) => [plainText(gate.name), gate.verdict, plainText(onWhat(gate)), plainText(gate.summary)])
  const files = [
    ...(facts.data ? [`- Training: ${named(facts.data)}`] : []),
    ...(facts.testData ? [`- Test: ${named(facts.testData)}`] : []),
  ]
  const described = description.datasets.map(({ name, description: text, license, 'sensitive-data': sensitive }) =>
    [name, text, license && `licence: ${license}`, sensitive.length > 0 && `sensitive: ${sensitive.join(', ')}`]
      .filter((part) => typeof part === 'string' && part !== '')
      .join('; '),
  )
  return [
    ...(files.length === 0 ? [] : [...files, '']),
    ...list(described),
    ...table(['Check', 'Verdict', 'Rows', 'Found'], rows),
  ]
}

function onWhat({ about }: GateFact): string {
  return typeof about['rows'] === 'number' ? formatCount(about['rows']) : ''
}

function trainingOf(facts: ModelFacts, { approach, architecture, 'base-model': base }: Description): string[] {
  const { command, seed, config, parameters } = facts
  const lines = [
    ...(architecture === undefined ? [] : [`- Architecture: ${plainText(architecture)}`]),
    ...(approach === undefined ? [] : [`- Approach: ${approach}`]),
    ...(base === undefined ? [] : [`- Made from: ${plainText(base)}`]),
    ...(command === null ? [] : [`- Command: ${codeText(command)}`]),
    ...(seed === null ? [] : [`- Seed: ${seed}`]),
    ...(config === null ? [] : [`- Configuration: ${named(config)}`]),
  ]
  if (parameters === null) return lines.length === 0 ? [] : [...lines, '']
  const json = JSON.stringify(parameters, null, 2)
  return [...lines, '', '```json', json.length > 8000 ? `${json.slice(0, 8000)}\n…` : json.replaceAll('```', '` ` `'), '```', '']
}

function securityOf(facts: ModelFacts): string[] {
  const scans = gatesOf(facts, 'security-scan')
  const rows = scans.flatMap((scan) =>
    scan.checks.map(({ title, verdict, message }) => [plainText(title), verdict, plainText(message)]),
  )
  return rows.length > 0
    ? table(['File', 'Verdict', 'Found'], rows)
    : scans.flatMap(({ verdict, summary }) => [`${verdict}: ${plainText(summary)}`, ''])
}

function ethicsOf(description: Description): string[] {
  return list(
    description['ethical-considerations'].map(({ name, mitigation }) =>
      mitigation === undefined ? name : `${name}. Mitigation: ${mitigation}`,
    ),
  )
}

function provenanceOf(facts: ModelFacts): string[] {
  const rows = [
    ['Model file', `${codeText(facts.file)}, ${count(facts.bytes, 'byte')}`],
    ['Digest', codeText(facts.digest)],
    ['Registered', facts.createdAt],
    ...(facts.runId === null ? [] : [['Run', codeText(facts.runId)]]),
    ...(facts.commit === null ? [] : [['Commit', `${codeText(facts.commit)}${facts.dirty ? ', with uncommitted changes' : ''}`]]),
    ...Object.entries(facts.environment).map(([name, value]) => [plainText(name), codeText(value)]),
  ]
  return table(['', ''], rows)
}

const named = ({ path, digest }: NamedFile): string => `${codeText(path)} (${codeText(digest)})`
