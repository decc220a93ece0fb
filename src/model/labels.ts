import { didYouMean } from '../core/suggest.ts'
import { UserError } from '../core/errors.ts'
import type { Cell } from '../core/table.ts'

/**
 * One spelling for a class, so that `1` in the data and `1.0` or `"1"` of the model are the same. Null when there is none:
 * null, NaN or a number that is not finite, also where text files spell it, and empty text.
 */
export function spell(label: Cell | undefined): string | null {
  if (label === null || label === undefined) return null
  if (typeof label === 'number') return Number.isFinite(label) ? String(label) : null
  const name = String(label)
  return NO_CLASS.test(name) ? null : name
}

const NO_CLASS = /^(|nan|[+-]?inf(inity)?)$/i

/** Classes in scikit-learn's order: numbers by value, text by code unit. */
export function orderClasses(names: Iterable<string>): string[] {
  const distinct = [...new Set(names)]
  const numeric = distinct.every((name) => name.trim() !== '' && Number.isFinite(Number(name)))
  return distinct.toSorted((a, b) => (numeric ? Number(a) - Number(b) : a < b ? -1 : 1))
}

/**
 * The index of the positive class: the one named; else the second of two, as scikit-learn has it (`1` of 0 and 1, `yes` of
 * no and yes, `true` of false and true); null when there are not two.
 *
 * @throws UserError E_VALUE when the one named is not a class
 */
export function positiveIndex(classes: readonly string[], positive: string | undefined): number | null {
  if (positive === undefined) return classes.length === 2 ? 1 : null
  const index = classes.indexOf(positive)
  if (index !== -1) return index
  throw new UserError('E_VALUE', `"${positive}" is not a class of the label: ${listed(classes)}`, {
    hint: didYouMean(positive, classes) || undefined,
  })
}

/** `"no", "yes"`; the first few of many. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => `"${name}"`)
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ')
}
