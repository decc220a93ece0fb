import { count, listed } from '../../../core/counts.ts'
import type { ColumnFacts } from '../facts.ts'
import { findingSeverity, type QualityRule } from '../rule.ts'
import { shownValue } from '../shown-value.ts'

/** Longer text is prose, in which doubled spaces and capitals mean nothing. */
const LONGEST = 100

/** One value in several spellings: case, white space, Unicode forms, characters that nobody sees. */
export const spellingVariants: QualityRule = {
  name: 'spelling-variants',
  title: 'Spelling variants',
  summary:
    'No text column has one value in spellings that differ in case, white space or Unicode form, nor spaces at the ends, nor invisible characters.',
  severity: 'warn',
  why: 'A model takes each spelling for a category of its own; but case can carry meaning, as in codes.',
  limits: [],
  judge({ rows, columns }, _limits, over) {
    const found = columns.flatMap((column) => {
      const what = variantsOf(column)
      return what.length > 0 ? [{ column, what }] : []
    })
    return {
      verdict: found.length > 0 ? over : 'pass',
      message:
        found.length > 0
          ? `${listed(found.map(({ column, what }) => `${column.name}: ${what.join(', ')}`))}.`
          : 'No value is spelled in several ways.',
      findings: found.map(({ column, what }) => ({
        severity: findingSeverity(over),
        message: `"${column.name}": ${what.join(', ')}${examples(column)}.`,
        rule: 'spelling-variants',
        evidence: { column: column.name, share: affected(column) / rows },
      })),
      ...(found.length > 0 && {
        hint: 'Trim, fold the case and compose (NFC) before training, and in the same way when serving.',
      }),
    }
  },
}

function affected({ text }: ColumnFacts): number {
  return Math.max(text?.variants?.rows ?? 0, text?.padded ?? 0, text?.invisible ?? 0, text?.decomposed ?? 0)
}

function variantsOf({ text, lengths }: ColumnFacts): string[] {
  if (!text || !lengths || lengths.max > LONGEST) return []
  const { padded, invisible, decomposed, variants } = text
  return [
    ...(variants && variants.groups > 0 ? [`${count(variants.groups, 'value')} in several spellings`] : []),
    ...(padded > 0 ? [`${count(padded, 'row')} with needless white space`] : []),
    ...(invisible > 0 ? [`${count(invisible, 'row')} with invisible characters`] : []),
    ...(decomposed > 0 ? [`${count(decomposed, 'row')} not in Unicode's composed form`] : []),
  ]
}

function examples(column: ColumnFacts): string {
  const groups = column.text?.variants?.shown ?? []
  const told = groups
    .slice(0, 3)
    .map(({ spellings }) => spellings.map(({ value, rows }) => `${shownValue(column, value)} (${rows})`).join(' and '))
  return told.length === 0 ? '' : `: ${told.join('; ')}`
}
