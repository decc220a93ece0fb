import { messageOf, UserError } from '../../core/errors.ts'
import { sha256 } from '../../core/digest.ts'
import { literal, type Duckdb } from '../../drivers/duckdb.ts'
import type { KeptStates } from '../plan/kept-states.ts'
import type { RowSchema } from '../row-schema/schema.ts'

/**
 * Whatever the translation lets through and RE2 refuses is refused here, before any data is read.
 *
 * @throws UserError E_SCHEMA_KEYWORD
 */
export async function checkPatterns(duckdb: Duckdb, schema: RowSchema, good?: GoodPatterns): Promise<void> {
  const rules = schema.rules.filter(({ keyword }) => keyword === 'pattern')
  const patterns = rules.map(({ value }) => (value as { re2: string }).re2)
  if (rules.length === 0 || good?.areKnown(patterns)) return
  for (const rule of rules) {
    const { source, re2 } = rule.value as { source: string; re2: string }
    try {
      await duckdb.query(`SELECT regexp_matches('', ${literal(re2)})`)
    } catch (error) {
      const { file, line, column } = rule.location
      const reason = messageOf(error).split('\n')[0]!.replace('Invalid Input Error: ', '')
      throw new UserError(
        'E_SCHEMA_KEYWORD',
        `${file}:${line}:${column}: RE2 cannot do the pattern ${source} at ${rule.pointer}: ${reason}`,
        {
          hint: 'Patterns run in RE2, which has no look-around and no back-references.',
          location: rule.location,
          cause: error,
        },
      )
    }
  }
  good?.learn(patterns)
}

/** Patterns that DuckDB has taken before, so that it need not be loaded to take them again. */
export interface GoodPatterns {
  areKnown(patterns: readonly string[]): boolean
  learn(patterns: readonly string[]): void
}

/** Remembers the list of a schema's patterns as a whole, beside the states of files. */
export function goodPatterns(kept: () => KeptStates | null, engine: string): GoodPatterns {
  const digest = sha256(`patterns of ${engine}`)
  const question = (patterns: readonly string[]) => sha256(JSON.stringify(patterns))
  return {
    areKnown: (patterns) => (kept()?.load(digest, [question(patterns)]).size ?? 0) > 0,
    learn: (patterns) => kept()?.save(digest, new Map([[question(patterns), 'true']])),
  }
}
