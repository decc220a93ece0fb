import { count } from '../../core/counts.ts'
import { UserError } from '../../core/errors.ts'
import type { ColumnDraft, Guess, SchemaDraft } from './draft.ts'
import { guessBounds } from './guess/bounds.ts'
import { guessCategories } from './guess/categories.ts'
import { contextOf, type ColumnContext, type Guesses, type GuessOptions } from './guess/context.ts'
import { guessMean } from './guess/mean.ts'
import { guessKey, guessMissing, guessSensitive } from './guess/presence.ts'
import { guessText } from './guess/text.ts'
import { guessType } from './guess/type.ts'
import type { Observation } from './observation.ts'

/** Each looks at one thing; the order is that of the keywords in the schema. */
const GUESSES: readonly ((context: ColumnContext) => Guesses)[] = [
  guessType,
  guessCategories,
  guessBounds,
  guessText,
  guessKey,
  guessMissing,
  guessMean,
  guessSensitive,
]

/**
 * Guesses a row schema from what a data set looks like: one that the data itself passes, and more data of the same kind too.
 *
 * @throws UserError E_VALUE when there are no rows to guess from
 */
export function inferSchema(observation: Observation, options: GuessOptions): SchemaDraft {
  const { path, rows, columns } = observation
  if (rows === 0) {
    throw new UserError('E_VALUE', `${path} has no rows, so nothing can be inferred from it`, {
      hint: 'Name data that is as it should be.',
      location: { file: path },
    })
  }
  const fewestRows = Math.max(1, Math.floor(rows / 2))
  const always = columns.filter(({ document }) => !document || document.absent === 0).map(({ name }) => name)
  const where =
    observation.format === 'json'
      ? `every row has ${always.length} of ${count(columns.length, 'key')}`
      : 'the columns of the data'
  return {
    about: `Guessed from ${path}: ${count(rows, 'row')}, ${count(columns.length, 'column')}. Every rule is a guess; change what you know better.`,
    required: { name: 'required', value: always, why: where },
    columns: columns.map((column) => draftColumn(contextOf(column, rows, options, fewestRows))),
    rules: [{ name: 'rows', value: { min: fewestRows, max: rows * 2 }, why: `half to twice ${count(rows, 'row')}` }],
  }
}

function draftColumn(context: ColumnContext): ColumnDraft {
  const guesses = GUESSES.map((guess) => guess(context))
  const keywords = guesses.flatMap((guess) => guess.keywords ?? [])
  const written = new Set(keywords.map(({ name }) => name))
  const allowances = guesses.flatMap(({ allowances = {} }) => Object.values(allowances)).filter(({ name }) => written.has(name))
  return {
    column: context.column.name,
    keywords,
    rules: [...allowanceRule(allowances), ...guesses.flatMap((guess) => guess.rules ?? [])],
    notes: guesses.flatMap((guess) => guess.notes ?? []),
  }
}

/** Allowances of keywords stand together under `rules`. */
function allowanceRule(allowances: readonly Guess[]): Guess[] {
  if (allowances.length === 0) return []
  const reasons = [...new Set(allowances.map(({ why }) => why))]
  return [
    { name: 'rules', value: Object.fromEntries(allowances.map(({ name, value }) => [name, value])), why: reasons.join('; ') },
  ]
}
