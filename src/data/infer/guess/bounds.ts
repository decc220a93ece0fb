import { count } from '../../../core/counts.ts'
import { formatBound, roundDown, roundUp } from '../round.ts'
import { isNamedLikeAge, isNamedLikeKey, isNamedLikeShare, isNamedLikeYear } from '../column-name.ts'
import type { ColumnContext, Guesses } from './context.ts'

/** How far beyond what was seen a number may lie, as a part of the range that was seen. */
const HEADROOM = 0.5
/** How many years a column of years may go on. */
const YEARS_ON = 5
const OLDEST = 120
/** Whole numbers with at most this many values, all in a row and none in one row alone, are codes. */
const MOST_CODES = 12

interface Bounds {
  readonly minimum: number | undefined
  readonly maximum: number | undefined
  readonly why: string
}

/** `minimum` and `maximum` for numbers. */
export function guessBounds(context: ColumnContext): Guesses {
  const { column, isPersonal } = context
  if (column.kind !== 'number' || !column.scale || isPersonal) return {}
  const { minimum, maximum, why } = boundsOf(context)
  return {
    keywords: [
      ...(minimum === undefined ? [] : [{ name: 'minimum', value: minimum, why }]),
      ...(maximum === undefined ? [] : [{ name: 'maximum', value: maximum, why }]),
    ],
  }
}

/**
 * By the first rule that fits: a key has no largest value; whole numbers that are codes keep their range; ages lie between 0 and 120,
 * shares between 0 and 1; years may go on for five more; all others get half of the range that was seen on both sides, rounded outward, and keep the
 * bound 0 when nothing was seen beyond it.
 */
function boundsOf(context: ColumnContext): Bounds {
  const { column, isKey } = context
  const { name } = column
  const { min, max, whole } = column.scale!
  const seen = `seen from ${formatBound(min)} to ${formatBound(max)}`
  if (isKey || isNamedLikeKey(name))
    return { minimum: min >= 0 ? 0 : undefined, maximum: undefined, why: `${seen}; a key may grow` }
  if (whole && isNamedLikeYear(name) && min >= 1800 && max <= 2200) {
    const minimum = min - Math.ceil((max - min) * HEADROOM)
    return {
      minimum,
      maximum: max + YEARS_ON,
      why: `${seen}; years go on, here for ${YEARS_ON} more, and back by half of the range`,
    }
  }
  const codes = codesIn(context)
  if (codes !== undefined) return { minimum: min, maximum: max, why: codes }
  if (isNamedLikeAge(name) && min >= 0 && max <= OLDEST)
    return { minimum: 0, maximum: OLDEST, why: `${seen}; by its name an age` }
  if (isNamedLikeShare(name) && min >= 0 && max <= 1) return { minimum: 0, maximum: 1, why: `${seen}; by its name a share` }
  const range = max - min
  const headroom = range > 0 ? range * HEADROOM : Math.abs(max) * HEADROOM || 1
  const step = whole ? Math.max(1, stepFor(headroom)) : stepFor(headroom)
  const lower = roundDown(min - headroom, step)
  const upper = roundUp(max + headroom, step)
  return {
    minimum: min >= 0 ? Math.max(0, lower) : lower,
    maximum: max <= 0 ? Math.min(0, upper) : upper,
    why: `${seen}; ${min >= 0 && lower <= 0 ? '0 is kept as a bound, else ' : ''}half of the range more`,
  }
}

const stepFor = (size: number): number => 10 ** (Math.floor(Math.log10(size)) - 1)

function codesIn({ column }: ColumnContext): string | undefined {
  const { values, scale } = column
  if (!scale?.whole || !values || values.length > MOST_CODES || values.length < 2) return undefined
  const rarest = Math.min(...values.map(({ rows }) => rows))
  if (rarest < 2 || values.length !== scale.max - scale.min + 1) return undefined
  return `every whole number from ${formatBound(scale.min)} to ${formatBound(scale.max)} occurs, the rarest in ${count(rarest, 'row')}`
}
