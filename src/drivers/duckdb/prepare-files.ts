import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { PrivateFolder } from '../private-folder.ts'
import type { DataFile } from './data-file.ts'
import { endingOf, PACKED, type FileFormat } from './data-files.ts'
import { fileError } from './file-error.ts'
import { checkJsonDepth } from './json-depth.ts'
import { foldersOf } from './partitions.ts'
import { checkPacked, type UnpackLimits } from './text-file.ts'
import { canonical, encodingOf, transcode } from './transcode.ts'

interface PrepareOptions {
  readonly signal?: AbortSignal | undefined
  readonly encoding?: string | undefined
  readonly unpackLimits?: UnpackLimits | undefined
}

/**
 * Files that DuckDB can read: Arrow is written again as Parquet, text in another encoding as UTF-8, both into the private folder;
 * packed files are proved to be whole. All others are left where they are.
 */
export async function prepareFiles(
  files: readonly DataFile[],
  format: FileFormat,
  folder: PrivateFolder,
  options: PrepareOptions,
): Promise<DataFile[]> {
  if (options.encoding !== undefined) canonical(options.encoding)
  const prepared: DataFile[] = []
  for (const [i, file] of files.entries()) {
    try {
      if (format === 'arrow')
        prepared.push(await asParquet(file, await copyPath(folder, file.name, i, '.parquet'), options.signal))
      else if (format === 'parquet') prepared.push(file)
      else prepared.push(await asUtf8(file, format, folder, i, options))
    } catch (error) {
      options.signal?.throwIfAborted()
      throw fileError(error, file.name) ?? error
    }
  }
  return prepared
}

/** A place for the copy of a file with this name. Its folders named `key=value` come along, because DuckDB reads them from the path. */
export async function copyPath(folder: PrivateFolder, name: string, index: number, ending: string): Promise<string> {
  const partitions = foldersOf(name).filter((part) => part.includes('='))
  const inside = join(await folder.open(), index.toString(), ...partitions)
  await mkdir(inside, { recursive: true })
  return join(inside, `data${ending}`)
}

async function asParquet(file: DataFile, target: string, signal: AbortSignal | undefined): Promise<DataFile> {
  const { arrowToParquet } = await import('./arrow/convert.ts')
  await arrowToParquet(file, target, signal)
  return { path: target, name: file.name }
}

async function asUtf8(
  file: DataFile,
  format: 'csv' | 'json',
  folder: PrivateFolder,
  index: number,
  { signal, encoding: label, unpackLimits: limits }: PrepareOptions,
): Promise<DataFile> {
  await checkPacked(file, { signal, limits })
  const readable = await inUtf8(file, format, folder, index, label, signal)
  if (format === 'json') await checkJsonDepth(readable, signal)
  return readable
}

async function inUtf8(
  file: DataFile,
  format: 'csv' | 'json',
  folder: PrivateFolder,
  index: number,
  label: string | undefined,
  signal: AbortSignal | undefined,
): Promise<DataFile> {
  const { encoding, marked } = await encodingOf(file, label)
  // DuckDB knows the byte-order mark of UTF-8 in CSV, and not in JSON.
  if (encoding === 'utf-8' && (format === 'csv' || !marked)) return file
  const target = await copyPath(folder, file.name, index, `-utf-8${endingOf(file.path).replace(PACKED, '')}`)
  await transcode(file, encoding, target, signal)
  return { path: target, name: file.name }
}
