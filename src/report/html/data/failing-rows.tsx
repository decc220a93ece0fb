import { count } from '../../../core/counts.ts'
import type { Report } from '../../../core/report.ts'
import { rulesIn, type RuleExample } from '../../../core/rule-record.ts'
import { shortJson } from '../../wording.ts'

/** Rows of the table; a page with thousands helps nobody, and `--failing-rows` writes them all. */
const SHOWN = 200

/** Rows that break a rule, as far as the report holds them: where they stand, their key, the value and the rule. */
export function FailingRows({ report: { details } }: { report: Report }) {
  const rules = rulesIn(details)
  const all = rules.flatMap(({ examples, columns, expected }) =>
    examples.map((example) => ({ example, rule: columns.length === 0 ? expected : `${columns.join(', ')}: ${expected}` })),
  )
  if (all.length === 0) return null
  const rows = all
    .toSorted((a, b) => a.example.file.localeCompare(b.example.file) || a.example.row - b.example.row)
    .slice(0, SHOWN)
  const keys = [...new Set(rows.flatMap(({ example }) => Object.keys(example.key ?? {})))]
  const files = new Set(rows.map(({ example }) => example.file))
  return (
    <section class="failing">
      <h2>Failing rows</h2>
      <table>
        <thead>
          <tr>
            <th>{files.size === 1 ? `Row of ${[...files][0]}` : 'Row'}</th>
            {keys.map((key) => (
              <th>{key}</th>
            ))}
            <th>Value</th>
            <th>Breaks</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ example, rule }) => (
            <tr>
              <td class="keep" data-label="Row">
                {files.size === 1 ? place(example) : `${example.file}, ${place(example)}`}
              </td>
              {keys.map((key) => (
                <td data-label={key}>{shown(example.key?.[key])}</td>
              ))}
              <td data-label="Value">{example.value === null ? <i>missing</i> : <code>{shortJson(example.value, 120)}</code>}</td>
              <td data-label="Breaks">
                <code>{rule}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {all.length > rows.length && <p class="more">… and {count(all.length - rows.length, 'more row')}</p>}
    </section>
  )
}

const place = ({ row, line }: RuleExample): string => (line === undefined ? `${row}` : `${row} (line ${line})`)
const shown = (value: unknown): string => (value === undefined || value === null ? '' : shortJson(value, 80))
