import { z } from 'zod'
import type { ColumnExtension, Rule } from '../row-schema/schema.ts'
import { fields, mostly, severity } from './fields.ts'
import type { Severity } from './rule.ts'

/** How much a row rule weighs, and which share of rows has to keep it. */
export interface RuleSettings {
  readonly severity: Severity
  /** In (0, 1]; 1 asks it of every row. */
  readonly mostly: number
}

/** The keys of a block that are not demands, with what they may be. */
export const SETTINGS = {
  mostly,
  severity,
  rules: z.record(z.string(), fields({ mostly, severity }), 'it must be an object with a keyword for each key').optional(),
  sensitive: z.boolean('it must be true or false').optional(),
} as const

export const SETTING_SUMMARIES: readonly { readonly kind: string; readonly summary: string; readonly example: string }[] = [
  {
    kind: 'mostly',
    summary: 'The share of rows that has to keep each keyword of the column; 1 unless said.',
    example: '"mostly": 0.99',
  },
  {
    kind: 'severity',
    summary:
      '`error` (unless said) or `warning`, which tells and lets pass; for the keywords of the column, and its rules here that do not say their own.',
    example: '"severity": "warning"',
  },
  {
    kind: 'rules',
    summary: 'mostly and severity for one keyword.',
    example: '"rules": { "pattern": { "mostly": 0.95, "severity": "warning" } }',
  },
  { kind: 'sensitive', summary: 'Values of the column are masked wherever they would be shown.', example: '"sensitive": true' },
]

export interface BlockSettings {
  readonly mostly?: number | undefined
  readonly severity?: Severity | undefined
  readonly rules?:
    | Readonly<Record<string, { readonly mostly?: number | undefined; readonly severity?: Severity | undefined }>>
    | undefined
  readonly sensitive?: boolean | undefined
}

/** What the blocks of a schema say of a row rule: of its keyword, else of its column, else every row and an error. */
export function settingsOf(blocks: ReadonlyMap<ColumnExtension['column'], BlockSettings>): (rule: Rule) => RuleSettings {
  return ({ column, keyword }) => {
    const block = blocks.get(column)
    const own = block?.rules?.[keyword]
    return { severity: own?.severity ?? block?.severity ?? 'error', mostly: own?.mostly ?? block?.mostly ?? 1 }
  }
}
