import { z } from 'zod'
import { file, type Resource, type StepContext } from '../core/step.ts'
import { type OpenOptions } from '../drivers/duckdb.ts'
import { displayAddress, isRemote } from '../drivers/remote/address.ts'

/** One printable character of ASCII, or a tab, which is also written `\\t`. */
const character = () => z.string().regex(/^([ -~\t]|\\t)$/, 'Give one character, such as ";" or "\\t" for a tab')

/** The description of a step's data parameter. */
export const DATA = 'Parquet, CSV, TSV, JSON Lines or Arrow: a file, a folder, a glob, a URL or s3://BUCKET/KEY'

/** Parameters of every step that looks at data: how its text files are written. */
export const readingParams = {
  delimiter: character()
    .optional()
    .meta({ value: 'CHARACTER' })
    .describe('What separates the fields of CSV; by default seen from its header'),
  quote: z
    .union([character(), z.literal('')])
    .optional()
    .meta({ value: 'CHARACTER' })
    .describe('What quotes fields of CSV, doubled inside them; by default ", and "" when nothing is quoted'),
  encoding: z
    .string()
    .optional()
    .meta({ value: 'NAME' })
    .describe('Encoding of text files, such as latin1; by default UTF-8, or what a byte-order mark says'),
  header: z
    .boolean()
    .default(true)
    .describe('The first record of CSV names the columns; without it they are column0, column1, …'),
}

interface ReadingParams {
  readonly delimiter?: string | undefined
  readonly quote?: string | undefined
  readonly encoding?: string | undefined
  readonly header: boolean
}

/** What `openData` needs to know of a step's parameters, and of its surroundings. */
export function readingOptions(
  { env }: Pick<StepContext, 'env'>,
  { delimiter, quote, encoding, header }: ReadingParams,
): OpenOptions {
  const character = (text: string | undefined) => (text === '\\t' ? '\t' : text)
  return { csv: { delimiter: character(delimiter), quote: character(quote), header }, encoding, env }
}

/** What a step reads when it reads data, as far as caching is concerned. */
export function dataResource(path: string): Resource {
  if (!isRemote(path)) return file(path)
  return { kind: 'unknown', why: `what ${displayAddress(path)} holds is only known by downloading it` }
}
