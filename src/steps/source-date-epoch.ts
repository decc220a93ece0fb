import { UserError } from '../core/errors.ts'

/**
 * The time that a build says it is of, in seconds since 1970 (https://reproducible-builds.org/specs/source-date-epoch/);
 * undefined when it says none.
 *
 * @throws UserError E_VALUE
 */
export function sourceDateEpoch(env: Readonly<Record<string, string>>): number | undefined {
  const text = env['SOURCE_DATE_EPOCH']
  if (text === undefined || text === '') return undefined
  const seconds = Number(text)
  if (/^\d{1,12}$/.test(text) && seconds <= 253_402_300_799) return seconds
  throw new UserError('E_VALUE', `SOURCE_DATE_EPOCH is not a number of seconds since 1970: ${text}`)
}
