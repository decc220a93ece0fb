import { formatLocation, messageOf, UserError } from '../../core/errors.ts'
import { sha256 } from '../../core/digest.ts'
import { literal, type Duckdb } from '../../drivers/duckdb.ts'
import type { KeptStates } from '../plan/kept-states.ts'
import type { RowSchema } from '../row-schema/schema.ts'

/**
 * Whatever the translation lets through and RE2 refuses is refused here, before any data is read.
 *
 * @throws UserError E_SCHEMA_KEYWORD
 */
export async function checkPatterns(duckdb: Duckdb, { patterns }: RowSchema, good?: GoodPatterns): Promise<void> {
  const all = patterns.map(({ re2 }) => re2)
  if (all.length === 0 || good?.areKnown(all)) return
  for (const { source, re2, pointer, location } of patterns) {
    try {
      await duckdb.query(`SELECT regexp_matches('', ${literal(re2)})`)
    } catch (error) {
      const reason = messageOf(error).split('\n')[0]!.replace('Invalid Input Error: ', '')
      const message = `${formatLocation(location)}: RE2 cannot do the pattern ${source} at ${pointer}: ${reason}`
      throw new UserError('E_SCHEMA_KEYWORD', message, {
        hint: 'Patterns run in RE2, which has no look-around and no back-references.',
        location,
        cause: error,
      })
    }
  }
  good?.learn(all)
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
