import { extname, resolve } from 'node:path'
import { UserError } from '../../core/errors.ts'
import { expandFiles, statIfExists } from '../files.ts'

export type DataFormat = 'parquet' | 'csv' | 'json'

const FORMATS: Readonly<Record<string, DataFormat>> = {
  '.parquet': 'parquet',
  '.csv': 'csv',
  '.tsv': 'csv',
  '.jsonl': 'json',
  '.ndjson': 'json',
  '.json': 'json',
}
const KNOWN = 'Known: .parquet, .csv, .tsv, .jsonl, .ndjson, .json, and .gz of the text formats.'

const extension = (path: string): string => extname(path.replace(/\.gz$/i, '')).toLowerCase()

/**
 * The data files, absolute and sorted, that a file, a folder or a glob stands for. In a folder or a glob, files of other kinds
 * (`README.md`, `_SUCCESS`) and hidden files are left out; data of two formats is refused.
 *
 * @throws UserError E_FILE_MISSING when there is none, E_FILE_FORMAT for an unknown or mixed format
 */
export async function findDataFiles(cwd: string, path: string): Promise<{ format: DataFormat; files: readonly string[] }> {
  const all = await expandFiles(cwd, path)
  const named = all.length === 1 && (await statIfExists(resolve(cwd, path)))?.isFile()
  const files = named ? all : all.filter((file) => FORMATS[extension(file)] !== undefined && !isHidden(file))
  if (files.length === 0) {
    const hint = all.length > 0 ? `There are files, but none is data. ${KNOWN}` : `Looked for ${resolve(cwd, path)}.`
    throw new UserError('E_FILE_MISSING', `There is no data at ${path}`, { hint })
  }
  const extensions = [...new Set(files.map(extension))]
  const formats = new Set(extensions.map((name) => FORMATS[name]))
  const [format] = formats
  if (formats.size > 1 || format === undefined) {
    const found = extensions.map((name) => name || 'a file without extension').join(' and ')
    throw new UserError('E_FILE_FORMAT', `${path} is not data of one known format: found ${found}`, {
      hint: KNOWN,
      location: { file: path },
    })
  }
  if (format === 'parquet' && files.some((file) => /\.gz$/i.test(file))) {
    throw new UserError('E_FILE_FORMAT', `${path}: Parquet inside .gz cannot be read`, {
      hint: 'Unpack it; Parquet is compressed in itself.',
      location: { file: path },
    })
  }
  return { format, files }
}

const isHidden = (file: string): boolean => /[\\/][._][^\\/]*$/.test(file)
