import { ALL_FORMATS } from '../../security/examine.ts'
import { LEVELS, type Level } from '../../security/level.ts'
import { RULES } from '../../security/rules.ts'
import type { Rule } from '../../security/rules/rule.ts'
import { code, page, table } from './page.ts'

const KINDS: readonly (readonly [kind: Rule['kind'], title: string, meaning: string])[] = [
  ['dangerous', 'Dangerous', 'The file is, or hides, something that does harm: `fail`.'],
  ['suspicious', 'Suspicious', 'Nothing known to do harm, but no model needs it, or nothing is known of it: `fail`.'],
  ['unexamined', 'Not examined', 'A part could not be looked at, so nothing can be said of it: `error`, never a pass.'],
  ['note', 'Notes', 'Worth knowing; the file may pass.'],
]

const LEVEL_MEANING: Readonly<Record<Level, string>> = {
  strict: 'Data alone: a pickle that imports anything is refused, even what is on the allow-list.',
  framework: 'What the frameworks need to restore a model, by exact names and calls. The default.',
  audit:
    'The same findings, and nothing is refused: a file with findings gets a `warn`. What is loaded or deployed must still pass.',
}

/** Every rule of the security scan, and every format that it knows. */
export function scannerPage(): string {
  return page('Security scan: rules and formats', [
    'What `plimsoll security-scan` can find, and what it looks into. Rules have stable identifiers, which JSON and SARIF carry. ' +
      'The [allow-list](allow-list.md) has the names that models may import.',
    '## Levels',
    table(
      ['Level', 'Meaning'],
      LEVELS.map((level) => [code(level), LEVEL_MEANING[level]]),
    ),
    '## Rules',
    ...KINDS.flatMap(([kind, title, meaning]) => [`### ${title}`, meaning, rulesOf(kind)]),
    '## Formats',
    'Told by their content. Where the bytes carry the signature of several, they are examined as each of them. `recognised` means that the file is named and ' +
      'reported as not examined.',
    table(
      ['Format', 'What it is', 'Depth', 'What is looked for'],
      ALL_FORMATS.map(({ name, title, depth, looksFor }) => [code(name), title, depth, looksFor]),
    ),
  ])
}

const rulesOf = (kind: Rule['kind']): string =>
  table(
    ['Rule', 'What was found', 'Why it matters', 'What to do'],
    Object.entries<Rule>(RULES)
      .filter(([, rule]) => rule.kind === kind)
      .map(([id, { title, why, fix }]) => [code(id), title, why, fix]),
  )
