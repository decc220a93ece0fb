import type { Command } from 'commander'
import { z } from 'zod'
import { UserError } from '../core/errors.ts'
import type { OpenOptions } from '../drivers/duckdb.ts'
import { DATA, readingOptions, readingParams } from '../steps/data-reading.ts'
import type { Session } from './session.ts'

/** The description of `--input`. */
export const INPUT = `The data: ${DATA} (required)`

/** How text files are written; the flags of the steps that look at data. */
export interface ReadingFlags {
  readonly delimiter?: string
  readonly quote?: string
  readonly encoding?: string
  readonly header: boolean
}

const Reading = z.object(readingParams)

/** Adds `--delimiter`, `--quote`, `--encoding` and `--no-header` to a command. */
export function addReadingOptions(command: Command): Command {
  const { delimiter, quote, encoding, header } = readingParams
  return command
    .option('--delimiter <CHARACTER>', delimiter.description)
    .option('--quote <CHARACTER>', quote.description)
    .option('--encoding <NAME>', encoding.description)
    .option('--no-header', header.description)
}

/**
 * How data is to be read by a command's flags, with the credentials of the environment.
 *
 * @throws UserError E_VALUE for a flag that is not one character
 */
export function readingOf({ env }: Session, { delimiter, quote, encoding, header }: ReadingFlags): OpenOptions {
  const parsed = Reading.safeParse({ delimiter, quote, encoding, header })
  if (parsed.success) return readingOptions({ env }, parsed.data)
  const { path, message } = parsed.error.issues[0]!
  throw new UserError('E_VALUE', `--${String(path[0])}: ${message}.`)
}
