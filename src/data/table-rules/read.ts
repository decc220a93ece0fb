import type { z } from 'zod'
import { formatLocation, UserError, type ErrorCode } from '../../core/errors.ts'
import { didYouMean, suggest } from '../../core/suggest.ts'
import { rulesOf, type RowSchema, type Rule, type ColumnExtension } from '../row-schema/schema.ts'
import { typesForText } from '../row-schema/text-types.ts'
import { pointerTo } from '../scan/json-cell.ts'
import type { RuleSite, TableRuleKind } from './kind.ts'
import { TABLE_RULE_KINDS } from './kinds.ts'
import type { TableRule } from './rule.ts'
import { SETTINGS, settingsOf, type BlockSettings, type RuleSettings } from './settings.ts'
import type { TextTypes } from './typed-value.ts'

/** What a schema says under `x-plimsoll`. */
export interface TableRules {
  /** In the order of the schema. */
  readonly rules: readonly TableRule[]
  /** How a rule on rows is weighed, and how many rows have to keep it. */
  settings(rule: Rule): RuleSettings
  /** Columns whose values are never to be shown. */
  readonly sensitive: ReadonlySet<string>
}

/**
 * Interprets the `x-plimsoll` blocks of a schema.
 *
 * @param types the JSON types that the text of a column can have, the same that the scan is opened with
 * @throws UserError with the place: E_SCHEMA_KEYWORD for a key that is not known, E_VALUE for a value that cannot be
 */
export function readTableRules(schema: RowSchema, types: TextTypes = (column) => typesForText(schema, column)): TableRules {
  const rules: TableRule[] = []
  const blocks = new Map<string, BlockSettings>()
  for (const block of schema.extensions) {
    const read = readBlock(schema, block, types)
    rules.push(...read.rules)
    blocks.set(block.column, read.settings)
  }
  const sensitive = new Set([...blocks].filter(([, settings]) => settings.sensitive === true).map(([column]) => column))
  return { rules, settings: settingsOf(blocks), sensitive }
}

type Path = readonly (string | number)[]

function readBlock(schema: RowSchema, block: ColumnExtension, types: TextTypes): { rules: TableRule[]; settings: BlockSettings } {
  if (!isObject(block.value)) throw mistake(block, 'E_VALUE', [], 'it must be an object')
  const where = block.column === '' ? 'row' : 'column'
  const kinds = TABLE_RULE_KINDS.filter((kind) => kind.where === where)
  const settings: Record<string, unknown> & BlockSettings = {}
  const demands: { kind: TableRuleKind; value: unknown }[] = []
  for (const [key, value] of Object.entries(block.value)) {
    const setting = where === 'row' && key === 'sensitive' ? undefined : SETTINGS[key as keyof typeof SETTINGS]
    const kind = kinds.find((one) => one.kind === key)
    if (setting && Object.hasOwn(SETTINGS, key)) settings[key] = parsed(block, [key], setting, value)
    else if (kind) demands.push({ kind, value })
    else throw unknownKey(block, key, where, [...Object.keys(SETTINGS), ...kinds.map((one) => one.kind)])
  }
  requireKnownKeywords(schema, block, settings)
  const rules = demands.flatMap(({ kind, value }) => readRule(schema, block, kind, value, settings, types))
  return { rules, settings: settings }
}

function readRule(
  schema: RowSchema,
  block: ColumnExtension,
  kind: TableRuleKind,
  written: unknown,
  settings: BlockSettings,
  types: TextTypes,
): readonly TableRule[] {
  const value = parsed(block, [kind.kind], kind.value, written)
  for (const { name, path } of kind.columns?.(value as never) ?? []) {
    if (schema.properties.includes(name)) continue
    const message = `"properties" lists no column "${name}"`
    throw mistake(block, 'E_VALUE', [kind.kind, ...path], message, didYouMean(name, schema.properties))
  }
  const site: RuleSite = {
    kind: kind.kind,
    column: block.column,
    severity: settings.severity ?? 'error',
    types,
    properties: schema.properties,
    at: (path) => placeIn(block, [kind.kind, ...path]),
  }
  return kind.rules(value as never, site)
}

/** A keyword that its column does not use has nothing to set, and would be a rule that somebody believes in. */
function requireKnownKeywords(schema: RowSchema, block: ColumnExtension, { rules = {} }: BlockSettings): void {
  const used = [...new Set(rulesOf(schema, block.column).map(({ keyword }) => keyword))]
  for (const keyword of Object.keys(rules)) {
    if (used.includes(keyword)) continue
    const whose = block.column === '' ? 'the row' : `the column "${block.column}"`
    throw mistake(
      block,
      'E_SCHEMA_KEYWORD',
      ['rules', keyword],
      `${whose} has no keyword "${keyword}"`,
      didYouMean(keyword, used),
    )
  }
}

/** @throws UserError for the first thing that is wrong with it */
function parsed(block: ColumnExtension, path: Path, schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const { issues } = result.error
  // A mistyped key comes before the one that is then missing.
  const issue = innermost(issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!)
  const inside = issue.path as Path
  if (issue.code !== 'unrecognized_keys') throw mistake(block, 'E_VALUE', [...path, ...inside], issue.message)
  const [message, ...hint] = issue.message.split('. ')
  throw mistake(block, 'E_SCHEMA_KEYWORD', [...path, ...inside, issue.keys[0]!], message!, hint.join('. '))
}

/** Of a value that fits none of several forms, what is wrong with the one that it was meant for. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue
  const closest = issue.errors.find(
    ([first]) => first !== undefined && (first.path.length > 0 || first.code === 'unrecognized_keys'),
  )
  return closest ? { ...closest[0]!, path: [...issue.path, ...closest[0]!.path] } : issue
}

function unknownKey(block: ColumnExtension, key: string, where: 'row' | 'column', known: readonly string[]): UserError {
  const elsewhere =
    TABLE_RULE_KINDS.some((kind) => kind.kind === key && kind.where !== where) || (key === 'sensitive' && where === 'row')
  const place = where === 'row' ? 'in the schema of a column' : "in the row's schema, beside its properties"
  const near = suggest(key, known)
  const hint = elsewhere
    ? `It stands under x-plimsoll ${place}.`
    : near === undefined
      ? `Known: ${known.join(', ')}.`
      : `Did you mean "${near}"?`
  return mistake(block, 'E_SCHEMA_KEYWORD', [key], `it is not known for a ${where}`, hint)
}

function mistake(block: ColumnExtension, code: ErrorCode, path: Path, message: string, hint?: string): UserError {
  const { pointer, location } = placeIn(block, path)
  const name = pointer.slice(pointer.lastIndexOf('/') + 1)
  return new UserError(code, `${formatLocation(location)}: "${name}" at ${pointer}: ${message}`, {
    hint: hint || undefined,
    location,
  })
}

/** A path in the full form of a rule as one in what was written, which may be a shorter form. */
function placeIn(block: ColumnExtension, path: Path): ReturnType<RuleSite['at']> {
  const written: (string | number)[] = []
  let value = block.value
  for (const [i, step] of path.entries()) {
    if (Array.isArray(value) ? typeof step === 'string' : !isObject(value)) continue
    // What is not there is named only at the end of a path: a member that is missing, or must not be.
    if (isObject(value) && !Object.hasOwn(value, step) && i < path.length - 1) break
    written.push(step)
    value = (value as Record<string | number, unknown>)[step]
  }
  return { pointer: block.pointer + written.map((step) => pointerTo(String(step))).join(''), location: block.locate(written) }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
