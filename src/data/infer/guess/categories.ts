import { count, formatCount, listed, percent } from '../../../core/counts.ts'
import type { Guess } from '../draft.ts'
import { shareToDemand, singletonsOf, type ColumnContext, type Guesses } from './context.ts'

/** A category in fewer rows than this is called rare. */
const RARE = 5
/** The chance that a sample of the fewest rows lacks one of the values that are counted on. */
const LACKING = 0.001

/** `enum` for text with few values that repeat, and how many of them must occur. */
export function guessCategories(context: ColumnContext): Guesses {
  const { column, present, isCategory, isPersonal, isKey } = context
  if (!isCategory) return isPersonal || isKey ? {} : guessWideDistinct(context)
  const values = column.values!
  const list = values.map(({ value }) => value).toSorted()
  const rare = values
    .filter(({ rows }) => rows < RARE)
    .map(({ value, rows }) => `${JSON.stringify(value)} in ${formatCount(rows)}`)
  const why = `${count(values.length, 'value')} in ${count(present, 'row')}${rare.length > 0 ? `; rare: ${listed(rare)}` : ''}`
  const withNull = column.missing > 0 ? [...list, null] : list
  const singletons = singletonsOf(column)
  const allowance: Record<string, Guess> =
    singletons === 0
      ? {}
      : {
          enum: {
            name: 'enum',
            value: { mostly: shareToDemand(present - singletons, present) },
            why: `${percent(singletons / present)} of the rows have a value that occurs once, which is about the share of values not yet seen`,
          },
        }
  return {
    keywords: [{ name: 'enum', value: withNull, why }],
    ...(values.length > 1 && { rules: [distinctOf(context)] }),
    allowances: allowance,
  }
}

function distinctOf({ column, present, rows, fewestRows }: ColumnContext): Guess {
  const expected = Math.floor((fewestRows * present) / rows)
  let chance = 0
  let sure = 0
  for (const { rows: n } of column.values!) {
    chance += (1 - n / present) ** expected
    if (chance > LACKING) break
    sure++
  }
  const why = `${count(sure, 'value')} are so frequent that ${count(expected, 'row')} hold all of them in ${percent(1 - LACKING)} of samples`
  return { name: 'distinct', value: { min: Math.max(1, sure) }, why }
}

/** Text with many values that still repeat: half to twice as many. */
function guessWideDistinct({ column, present }: ColumnContext): Guesses {
  const { kind, distinct } = column
  if (kind !== 'text' || distinct < 10 || distinct > present / 10) return {}
  const value = { min: Math.floor(distinct / 2), max: distinct * 2 }
  const about = column.distinct === column.exactDistinct ? '' : 'about '
  return { rules: [{ name: 'distinct', value, why: `half to twice ${about}${count(distinct, 'different value')}` }] }
}
