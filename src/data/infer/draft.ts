/** One thing that was guessed from data. */
export interface Guess {
  /** The keyword of JSON Schema, or the rule under `x-plimsoll`. */
  readonly name: string
  /** JSON. */
  readonly value: unknown
  /** What it rests on; a sentence without its full stop. */
  readonly why: string
}

/** The schema of a column. */
export interface ColumnDraft {
  readonly column: string
  readonly keywords: readonly Guess[]
  /** Under `x-plimsoll`. */
  readonly rules: readonly Guess[]
  /** What a reader should know that is no demand. */
  readonly notes: readonly string[]
}

/** A row schema that was guessed from data, with the reason of each guess. */
export interface SchemaDraft {
  readonly about: string
  readonly required: Guess
  readonly columns: readonly ColumnDraft[]
  readonly rules: readonly Guess[]
}

const values = (guesses: readonly Guess[]): Record<string, unknown> =>
  Object.fromEntries(guesses.map(({ name, value }) => [name, value]))

/** The draft as a JSON Schema. */
export function schemaOf(
  draft: SchemaDraft,
  comment: (of: ColumnDraft | SchemaDraft) => Record<string, unknown> = () => ({}),
): Record<string, unknown> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...comment(draft),
    type: 'object',
    required: draft.required.value,
    // A column may be named __proto__: entries are safe from that, assignments are not.
    properties: Object.fromEntries(
      draft.columns.map((column) => [
        column.column,
        {
          ...comment(column),
          ...values(column.keywords),
          ...(column.rules.length > 0 && { 'x-plimsoll': values(column.rules) }),
        },
      ]),
    ),
    'x-plimsoll': values(draft.rules),
  }
}
