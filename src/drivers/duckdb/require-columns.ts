import { UserError } from '../../core/errors.ts'
import { didYouMean } from '../../core/suggest.ts'

/**
 * Asserts that data has these columns.
 *
 * @param path the data, as the user wrote it
 * @throws UserError E_COLUMN_MISSING with the nearest name, or the names there are
 */
export function requireColumns(path: string, wanted: readonly string[], present: readonly string[]): void {
  const known = new Set(present)
  const missing = wanted.filter((name) => !known.has(name))
  if (missing.length === 0) return
  const names = missing.map((name) => JSON.stringify(name)).join(', ')
  throw new UserError('E_COLUMN_MISSING', `${path} has no column ${names}`, {
    hint: didYouMean(missing[0]!, present) || 'It has no columns at all.',
    location: { file: path },
  })
}
