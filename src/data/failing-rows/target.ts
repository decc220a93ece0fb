import { extname, isAbsolute, relative, resolve } from 'node:path'
import picomatch from 'picomatch'
import { UserError } from '../../core/errors.ts'
import { displayPath } from '../../drivers/files.ts'
import type { DataSource } from '../../drivers/duckdb.ts'

export type RowFormat = 'parquet' | 'csv' | 'json'

const FORMATS: Readonly<Record<string, RowFormat>> = { '.parquet': 'parquet', '.csv': 'csv', '.jsonl': 'json', '.ndjson': 'json' }

/** The columns that are added to a failing row. */
export const ADDED = ['__file', '__row', '__rules'] as const

/**
 * What the file of failing rows is written as, by its extension.
 *
 * @throws UserError E_VALUE for another extension
 */
export function rowFormat(path: string): RowFormat {
  const format = FORMATS[extname(path).toLowerCase()]
  if (format) return format
  throw new UserError('E_VALUE', `Failing rows cannot be written to ${path}.`, {
    hint: `Its name must end in ${Object.keys(FORMATS).join(', ')}.`,
  })
}

/**
 * Asserts that failing rows can be written there without harm to the data: not over a file that is judged, nor into its folder, where
 * the next run would judge them too.
 *
 * @throws UserError E_CONFLICT
 */
export function requireApart({ cwd, path: data, files, columns }: DataSource, path: string): void {
  const absolute = resolve(cwd, path)
  const inside = relative(resolve(cwd, data), absolute)
  const isInside = inside === '' || (!inside.startsWith('..') && !isAbsolute(inside))
  if (files.includes(absolute) || isInside || picomatch.isMatch(displayPath(cwd, absolute), data)) {
    throw new UserError(
      'E_CONFLICT',
      `Failing rows cannot be written to ${displayPath(cwd, absolute)}: it belongs to the data.`,
      {
        hint: 'Name a file outside the data.',
      },
    )
  }
  const taken = columns.find(({ name }) => (ADDED as readonly string[]).includes(name.toLowerCase()))
  if (taken) {
    throw new UserError('E_CONFLICT', `The data has a column "${taken.name}", which a file of failing rows adds itself.`, {
      hint: 'Rename the column.',
      location: { file: data },
    })
  }
}
