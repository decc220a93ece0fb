import type { ColumnDemands, Demands } from './demands.ts'
import type { ColumnFacts } from './diff.ts'
import { isNamedLikePersonal } from './column-name.ts'
import { demandsOfDraft } from './demands.ts'
import type { GuessOptions } from './guess/context.ts'
import { inferSchema } from './infer.ts'
import { NEARLY_ALL, type Observation, type ObservedColumn } from './observation.ts'

/** More different values than this are not compared one by one with a list. */
const COMPARED = 1000

/** What data is like, in the terms of a schema. */
export function factsOfData(observation: Observation, options: GuessOptions): ColumnFacts[] {
  // The types are told as they would be guessed, so that both sides of a comparison are read by the same rule.
  const demands = demandsOfDraft(inferSchema(observation, options))
  const { rows } = observation
  return observation.columns.map((column) => {
    const { name, values, scale, missing, numbers } = column
    const isSensitive = options.sensitive.includes(name) || isNamedLikePersonal(name)
    const isComparable = !isSensitive && values !== undefined && values.length <= COMPARED
    const numeric = column.kind === 'number'
    return {
      name,
      types: typesOf(column, demands.get(name)!),
      values: isComparable ? values.map(({ value, at }) => (numeric ? at : value)) : undefined,
      min: numeric && !isSensitive ? scale?.min : undefined,
      max: numeric && !isSensitive ? scale?.max : undefined,
      missing: missing / rows,
      formats: formatsOf(column, rows - missing, demands.get(name)!),
      isUnique: isUnique(column, rows),
      mean: numbers && !isSensitive ? numbers.mean : undefined,
      isSensitive,
    }
  })
}

function formatsOf({ text }: ObservedColumn, present: number, { format }: ColumnDemands): ReadonlySet<string> | undefined {
  if (!text) return format === undefined ? undefined : new Set([format])
  return new Set(Object.entries(text.formats).flatMap(([name, n]) => (n === present ? [name] : [])))
}

/** Text that is nearly all numbers is guessed to be numbers with mistakes; here the mistakes count too. */
function typesOf({ kind }: ObservedColumn, { types }: ColumnDemands): ReadonlySet<string> | undefined {
  return types && kind === 'text' && types.has('number') ? new Set([...types, 'string']) : types
}

function isUnique({ exactDistinct, missing, distinct }: ObservedColumn, rows: number): boolean | undefined {
  const present = rows - missing
  if (exactDistinct !== undefined) return exactDistinct === present && present > 0
  return distinct < NEARLY_ALL * present ? false : undefined
}

/** What a schema admits, in the same terms. */
export function factsOfSchema(demands: Demands): ColumnFacts[] {
  return [...demands].map(([name, { types, values, minimum, maximum, missing, format, unique }]) => ({
    name,
    types,
    values,
    min: minimum,
    max: maximum,
    missing: missing ?? (types?.has('null') ? 1 : 0),
    formats: format === undefined ? undefined : new Set([format]),
    isUnique: unique,
    mean: undefined,
    isSensitive: false,
  }))
}
