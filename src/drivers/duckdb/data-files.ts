import type { Dirent } from 'node:fs'
import { access, constants, readdir } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import { UserError } from '../../core/errors.ts'
import { displayPath, expandFiles, statIfExists } from '../files.ts'
import type { DataFile } from './data-file.ts'
import { fileError } from './file-error.ts'

/** Arrow is converted to Parquet when a data set is opened, so whoever asks a DataSource sees three formats. */
export type FileFormat = 'parquet' | 'csv' | 'json' | 'arrow'
export type DataFormat = Exclude<FileFormat, 'arrow'>

const FORMATS: Readonly<Record<string, FileFormat>> = {
  '.parquet': 'parquet',
  '.csv': 'csv',
  '.tsv': 'csv',
  '.jsonl': 'json',
  '.ndjson': 'json',
  '.json': 'json',
  '.arrow': 'arrow',
  '.arrows': 'arrow',
  '.feather': 'arrow',
  '.ipc': 'arrow',
}
export const KNOWN_FORMATS =
  'Known: .parquet, .csv, .tsv, .jsonl, .ndjson, .json, .arrow, .feather, .ipc, and .gz or .zst of the text formats.'

export const PACKED = /\.(gz|zst)$/i
/** The ending of a data file's name, such as `.csv.gz`. */
export const endingOf = (path: string): string => `${extension(path)}${PACKED.exec(path)?.[0].toLowerCase() ?? ''}`
const extension = (path: string): string => extname(path.replace(PACKED, '')).toLowerCase()

/** Whether a name in a folder is that of a data file; hidden files and those that tools leave (`_SUCCESS`) are none. */
export const isDataName = (name: string): boolean => FORMATS[extension(name)] !== undefined && !/(^|[\\/])[._][^\\/]*$/.test(name)

/**
 * The data files, sorted, that a file, a folder or a glob stands for. In a folder or a glob, files of other kinds
 * (`README.md`, `_SUCCESS`) and hidden files are left out.
 *
 * @throws UserError E_FILE_MISSING when there is none, E_FILE_FORMAT for a folder that may not be looked into
 */
export async function findDataFiles(cwd: string, path: string): Promise<readonly DataFile[]> {
  const absolute = resolve(cwd, path)
  const found = await statIfExists(absolute)
  const all = found?.isDirectory() ? await filesBelow(cwd, absolute) : await expandFiles(cwd, path)
  const files = found?.isFile() ? all : all.filter(isDataName)
  if (files.length === 0) {
    const hint = all.length > 0 ? `There are files, but none is data. ${KNOWN_FORMATS}` : `Looked for ${absolute}.`
    throw new UserError('E_FILE_MISSING', `There is no data at ${path}`, { hint })
  }
  for (const file of files) {
    await access(file, constants.R_OK).catch((error: unknown) => {
      throw fileError(error, displayPath(cwd, file)) ?? error
    })
  }
  return files.map((file) => ({ path: file, name: displayPath(cwd, file) }))
}

/** The files of a folder. One inside that cannot be listed is an error: its rows would go missing without a word. */
async function filesBelow(cwd: string, folder: string): Promise<string[]> {
  const files: string[] = []
  const pending = [folder]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    let entries: Dirent[]
    try {
      entries = await readdir(next, { withFileTypes: true })
    } catch (error) {
      throw fileError(error, displayPath(cwd, next)) ?? error
    }
    for (const entry of entries) {
      const path = join(next, entry.name)
      if (entry.isDirectory()) pending.push(path)
      // A link that leads nowhere stays in the list, so that it is told and not left out.
      else if (entry.isFile() || (entry.isSymbolicLink() && (await statIfExists(path))?.isDirectory() !== true)) files.push(path)
    }
  }
  return files.toSorted()
}

/**
 * The one format that all files have.
 *
 * @param path the data, as the user wrote it
 * @throws UserError E_FILE_FORMAT for an unknown or mixed format
 */
export function formatOf(path: string, files: readonly DataFile[]): FileFormat {
  const extensions = [...new Set(files.map(({ path: file }) => extension(file)))]
  const formats = new Set(extensions.map((name) => FORMATS[name]))
  const [format] = formats
  if (formats.size > 1 || format === undefined) {
    const found = extensions.map((name) => name || 'a file without extension').join(' and ')
    throw new UserError('E_FILE_FORMAT', `${path} is not data of one known format: found ${found}`, {
      hint: KNOWN_FORMATS,
      location: { file: path },
    })
  }
  const packed = format === 'csv' || format === 'json' ? undefined : files.find(({ path: file }) => PACKED.test(file))
  if (packed) {
    const what = format === 'parquet' ? 'Parquet' : 'Arrow'
    throw new UserError('E_FILE_FORMAT', `${packed.name}: ${what} inside ${PACKED.exec(packed.path)![0]} cannot be read`, {
      hint: `Unpack it; ${what} is compressed in itself.`,
      location: { file: packed.name },
    })
  }
  return format
}
