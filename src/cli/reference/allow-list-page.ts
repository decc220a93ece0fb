import { allowRows, type AllowRow } from '../../security/policy/reference.ts'
import { code, page, table } from './page.ts'

const USES: Readonly<Record<AllowRow['use'], string>> = {
  class: 'objects are made',
  value: 'referred to',
  call: 'called',
}

/** Every name that a model may import, by framework. */
export function allowListPage(): string {
  const frameworks = new Map<string, AllowRow[]>()
  for (const row of allowRows()) {
    if (!frameworks.has(row.framework)) frameworks.set(row.framework, [])
    frameworks.get(row.framework)!.push(row)
  }
  return page('Security scan: allow-list', [
    'What the pickles of each framework may import, by exact module and name, and how each may be used. Recorded from the serialisers of the frameworks themselves ' +
      'by `scripts/allow-list`, with a review of every name that is called. A name that does not stand here is refused; ' +
      'a project allows [classes of its own](../guides/security-scan.md#how-names-are-judged) by name.',
    ...[...frameworks].flatMap(([framework, rows]) => [
      `## ${framework}`,
      `Recorded from ${rows[0]!.versions.join(', ')}.`,
      table(
        ['Module', 'Names', 'Use', 'Why', 'Condition'],
        rows.map(({ module, names, use, reason, condition }) => [
          code(module),
          names.map(code).join(' '),
          USES[use],
          reason,
          condition,
        ]),
      ),
    ]),
  ])
}
