import type { Appearance, ColumnDrift, DriftFacts } from './facts.ts'

/** Facts that tell no value of sensitive columns: how far they have moved remains, and not from what to what. */
export function maskDrift(facts: DriftFacts, sensitive: ReadonlySet<string>): DriftFacts {
  return { ...facts, columns: facts.columns.map((column) => (sensitive.has(column.name) ? masked(column) : column)) }
}

function masked({ numbers, categories, ...column }: ColumnDrift): ColumnDrift {
  const NOTHING = { edges: [], counts: [] }
  return {
    ...column,
    isMasked: true,
    range: null,
    numbers: numbers && {
      ...numbers,
      at: Number.NaN,
      median: { reference: Number.NaN, current: Number.NaN },
      histogram: { reference: NOTHING, current: NOTHING },
    },
    categories: categories && {
      ...categories,
      top: [],
      new: withoutExamples(categories.new),
      vanished: withoutExamples(categories.vanished),
    },
  }
}

const withoutExamples = (appearance: Appearance): Appearance => ({ ...appearance, examples: [] })
