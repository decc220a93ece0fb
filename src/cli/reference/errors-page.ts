import { ERROR_CODES } from '../../core/errors.ts'
import { code, fence, page, table } from './page.ts'

/** Every error that a user can meet. */
export function errorsPage(): string {
  return page('Errors', [
    'A mistake, or a circumstance that you can do something about, is told in three parts: what happened, where, and what to do. The ' +
      'code in brackets is stable. The exit code is 2: nothing was decided. What a gate found is never an error of this kind: it is in the report.',
    fence('', ['error The data does not exist: data/raw/latest.csv [E_FILE_MISSING]', '  hint: …'].join('\n')),
    table(
      ['Code', 'Meaning'],
      Object.entries(ERROR_CODES).map(([name, meaning]) => [code(name), meaning]),
    ),
    'Anything else is reported as a bug in Plimsoll, with its stack when `--verbose` or `PLIMSOLL_DEBUG=1` is given.',
  ])
}
