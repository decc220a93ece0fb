import { messageOf, UserError } from '../../core/errors.ts'
import { literal, type Duckdb } from '../../drivers/duckdb.ts'
import type { RowSchema } from './schema.ts'

/**
 * Whatever the translation of patterns lets through and RE2 refuses is refused here, before any data is read.
 *
 * @throws UserError E_SCHEMA_KEYWORD
 */
export async function checkPatterns(duckdb: Duckdb, { patterns }: Pick<RowSchema, 'patterns'>): Promise<void> {
  for (const { source, re2, pointer, location } of patterns) {
    try {
      await duckdb.query(`SELECT regexp_matches('', ${literal(re2)})`)
    } catch (error) {
      const { file, line, column } = location
      const reason = messageOf(error).split('\n')[0]!.replace('Invalid Input Error: ', '')
      const message = `${file}:${line}:${column}: RE2 cannot do the pattern ${source} at ${pointer}: ${reason}`
      throw new UserError('E_SCHEMA_KEYWORD', message, {
        hint: 'Patterns run in RE2, which has no look-around and no back-references.',
        location,
        cause: error,
      })
    }
  }
}
