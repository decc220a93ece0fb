import { IGNORE_FILE } from '../../hardening/ignores.ts'
import type { Rule } from '../../hardening/rule.ts'
import { RULES } from '../../hardening/rules.ts'
import { SECRET_KINDS } from '../../hardening/secrets/find.ts'
import { code, fence, page, table } from './page.ts'

const AREAS: readonly (readonly [prefix: string, title: string])[] = [
  ['workflow.', 'Workflows'],
  ['script.', 'Scripts of workflows and Dockerfiles'],
  ['secret.', 'Secrets'],
  ['python.', 'Python'],
  ['docker.', 'Docker'],
  ['model.', 'Models'],
  ['repository.', 'The repository'],
  ['doctor.', 'The doctor itself'],
]

/** Every rule of `doctor --security`. */
export function hardeningRulesPage(): string {
  return page('Hardening rules', [
    'What `plimsoll doctor --security` looks for ([guide](../guides/hardening.md)). A `high` finding fails, `medium` and `low` ones warn; where a finding is ' +
      'worse or better than its rule, it says so. Identifiers are stable; JSON and SARIF carry them.',
    ...AREAS.flatMap(([prefix, title]) => [`## ${title}`, ...rulesOf(prefix)]),
    '## Kinds of secrets',
    'Told by their form, and by a checksum or what is in them where the form has one. Placeholders and the examples of documentations are passed over.',
    table(
      ['Kind', 'Severity'],
      SECRET_KINDS.map(({ title, severity = 'high' }) => [title, severity]),
    ),
    '## What is passed over',
    `A comment in the line of a finding or the line above it, with a reason; for what can have no comment, a line of rule, place and reason in \`${IGNORE_FILE}\`.`,
    fence('', '- uses: owner/action@v1 # plimsoll: ignore[workflow.unpinned-action] our own, and frozen'),
    fence('', 'model.pickle tests/fixtures/old.pkl the reader of old models is tested with it'),
  ])
}

function rulesOf(prefix: string): string[] {
  const rules = Object.entries<Rule>(RULES).filter(([id]) => id.startsWith(prefix))
  return rules.flatMap(([id, { title, severity, why, fix, source }]) => [
    `### ${id}`,
    `${title}. ${code(severity)}. ${why}`,
    `What to do: ${fix}`,
    `Recommended by: ${source}.`,
  ])
}
