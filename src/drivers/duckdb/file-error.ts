import { UserError } from '../../core/errors.ts'

const REFUSALS: Readonly<Record<string, string>> = {
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  EISDIR: 'is a folder',
  EIO: 'cannot be read: the disk reports an error',
  ELOOP: 'is a link that leads back to itself',
  EMFILE: 'cannot be opened: too many files are open',
}

/**
 * What the system says when a data file cannot be opened or read, as an error for the user; undefined for any other error.
 *
 * @param name the file, as messages call it
 */
export function fileError(error: unknown, name: string): UserError | undefined {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new UserError('E_FILE_MISSING', `${name} is not there any more`, {
      hint: 'Nothing may move the data while it is read.',
      location: { file: name },
      cause: error,
    })
  }
  const refusal = code === undefined ? undefined : REFUSALS[code]
  if (refusal === undefined) return undefined
  return new UserError('E_FILE_FORMAT', `${name} ${refusal}`, {
    hint: 'Look at its permissions and its disk.',
    location: { file: name },
    cause: error,
  })
}
