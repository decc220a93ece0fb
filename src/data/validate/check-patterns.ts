import { messageOf, UserError } from '../../core/errors.ts'
import { literal, type Duckdb } from '../../drivers/duckdb.ts'
import type { RowSchema } from '../row-schema/schema.ts'

/**
 * Whatever the translation lets through and RE2 refuses is refused here, before any data is read.
 *
 * @throws UserError E_SCHEMA_KEYWORD
 */
export async function checkPatterns(duckdb: Duckdb, schema: RowSchema): Promise<void> {
  for (const rule of schema.rules.filter(({ keyword }) => keyword === 'pattern')) {
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
}
