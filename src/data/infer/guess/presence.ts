import { count, percent } from '../../../core/counts.ts'
import { wilson } from '../../../stats/proportion.ts'
import { isNamedLikePersonal } from '../column-name.ts'
import { roundUpShare } from '../round.ts'
import { CONFIDENCE, type ColumnContext, type Guesses } from './context.ts'

/** `missing`: the upper Wilson bound of the share, rounded up. */
export function guessMissing({ column, rows }: ColumnContext): Guesses {
  if (column.missing === 0 || column.missing === rows) return {}
  const max = roundUpShare(wilson(column.missing, rows, CONFIDENCE).upper)
  const why = `${percent(column.missing / rows)} of ${count(rows, 'row')} are without a value; the bound holds for ${CONFIDENCE * 100} % of such data (Wilson)`
  return { rules: [{ name: 'missing', value: { max }, why }] }
}

/** `unique` for what looks like a key. */
export function guessKey({ isKey, rows }: ColumnContext): Guesses {
  return isKey ? { rules: [{ name: 'unique', value: true, why: `all ${count(rows, 'value')} differ, as those of a key` }] } : {}
}

/** `sensitive` for what looks like personal data, so that reports do not show it. */
export function guessSensitive({ column, isPersonal }: ColumnContext): Guesses {
  if (!isPersonal) return {}
  const why = isNamedLikePersonal(column.name)
    ? 'by its name personal data or a secret'
    : 'its values are personal data, or it was named so'
  return { rules: [{ name: 'sensitive', value: true, why: `${why}: no value of it stands here` }] }
}
