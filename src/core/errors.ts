import type { Location } from './check.ts'

/** Every error a user can meet, by its stable code. docs/reference/errors.md is generated from this table. */
export const ERROR_CODES = {
  E_USAGE: 'The command line is not understood.',
  E_CONFIG: 'plimsoll.yaml, or another configuration file, has a mistake.',
  E_CONFIG_CYCLE: 'The stages of a pipeline need each other in a circle.',
  E_FILE_MISSING: 'A file or folder that was named does not exist.',
  E_FILE_FORMAT: 'A file is not in the format that its use asks for.',
  E_FILE_WRITE: 'A file or folder cannot be written.',
  E_COLUMN_MISSING: 'The data has no column of that name.',
  E_VALUE: 'A value is outside what is allowed.',
  E_SCHEMA_KEYWORD: 'A row schema uses a keyword that is not supported.',
  E_MODEL_FORMAT: 'A model file cannot be read.',
  E_MODEL_INPUT: 'The columns of the data and the inputs of the model do not fit.',
  E_MODEL_UNSCANNED: 'A model that can run code when it is loaded has not passed the security scan.',
  E_PREDICTOR: 'A predictor broke, hung, or answered with the wrong number of rows.',
  E_COMMAND: 'A command could not be started.',
  E_MEMORY: 'Something needs more memory, or more room for temporary files, than there is.',
  E_TIMEOUT: 'Something took longer than it was allowed to.',
  E_DEPENDENCY: 'An optional package or program that this needs is not installed.',
  E_SERVICE: 'A service that a stage needs cannot be had.',
  E_NOT_FOUND: 'A model, version, alias, run, stage or environment of that name does not exist.',
  E_CONFLICT: 'Something of that name exists already with other content, or is in use.',
  E_NETWORK: 'An endpoint cannot be reached or does not answer as it should.',
  E_STATE: 'The state folder cannot be read or written.',
} as const
export type ErrorCode = keyof typeof ERROR_CODES

/**
 * A mistake or a circumstance that the user can do something about. It is shown without a stack trace:
 * what happened, where, what to do. Anything else that is thrown is a bug in Plimsoll.
 */
export class UserError extends Error {
  override readonly name = 'UserError'
  readonly code: ErrorCode
  /** What to do about it, one sentence. */
  readonly hint: string | undefined
  readonly location: Location | undefined
  /** The offending line with a marker under it, ready to print. */
  readonly frame: string | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string | undefined; location?: Location | undefined; frame?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint
    this.location = options.location
    this.frame = options.frame
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** `file:line:column` of a location, as far as it is known. */
export function formatLocation({ file, line, column, byteOffset }: Location): string {
  if (byteOffset !== undefined) return `${file}:byte ${byteOffset}`
  return [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(':')
}

/** Makes a missed case of a closed union a compile error. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
