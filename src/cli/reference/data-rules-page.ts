import { kebabCase } from '../../core/step.ts'
import { QUALITY_RULES } from '../../data/quality/judge.ts'
import { ANNOTATIONS, KEYWORDS } from '../../data/row-schema/keywords.ts'
import { TABLE_RULE_KINDS } from '../../data/table-rules/kinds.ts'
import { SETTING_SUMMARIES } from '../../data/table-rules/settings.ts'
import { code, page, table } from './page.ts'

const EFFECTS = { fail: 'fails', warn: 'warns', note: 'is noted' } as const

/** Every rule that data can be judged by. */
export function dataRulesPage(): string {
  return page('Data rules', [
    'What `validate-schema` judges by, in the order in which it is written down, and what `check-data-quality` looks for by itself. The guides say more: ' +
      '[row schema](../guides/row-schema.md), [table rules](../guides/table-rules.md), [data quality](../guides/data-quality.md), ' +
      '[drift](../guides/drift.md).',
    '## Keywords of JSON Schema',
    'In the schema of the row, of a column, or of anything inside one. Any other keyword is an error with its place.',
    table(
      ['Keyword', 'About', 'Meaning', 'Example'],
      [...KEYWORDS.values()].map(({ name, about, summary, example }) => [
        code(name),
        about,
        summary,
        code(JSON.stringify(example)),
      ]),
    ),
    `Without effect: ${[...ANNOTATIONS].map(code).join(', ')}.`,
    '## Under x-plimsoll, in the schema of a column',
    tableRules('column'),
    '## Under x-plimsoll, in the schema of the row',
    tableRules('row'),
    '## How rules are weighed',
    table(
      ['Key', 'Meaning', 'Example'],
      SETTING_SUMMARIES.map(({ kind, summary, example }) => [code(kind), summary, code(example)]),
    ),
    '## Checks of check-data-quality',
    'What happens when a limit is passed, unless the check is named under `--fail` or `--skip`.',
    table(
      ['Check', 'Looks for', 'By default', 'Why', 'Flags'],
      QUALITY_RULES.map(({ name, summary, severity, why, limits }) => [
        code(name),
        summary,
        EFFECTS[severity],
        why,
        limits.map((limit) => code(`--${kebabCase(limit)}`)).join(', '),
      ]),
    ),
    'With `--reference`, `drift` compares every column with the reference, and all of them together. It warns.',
  ])
}

const tableRules = (where: 'column' | 'row'): string =>
  table(
    ['Key', 'Meaning', 'Example'],
    TABLE_RULE_KINDS.filter((kind) => kind.where === where).map(({ kind, summary, example }) => [
      code(kind),
      summary,
      code(example),
    ]),
  )
