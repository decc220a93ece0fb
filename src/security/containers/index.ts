import type { Format } from '../format.ts'
import { compressed } from './compressed.ts'
import { dataFiles } from './data-files.ts'
import { npy } from './npy.ts'
import { programs } from './programs.ts'
import { sevenZipArchives } from './seven-zip/archive.ts'
import { tar } from './tar.ts'
import { unopened } from './unopened.ts'
import { zip } from './zip.ts'

/** What holds other files, or a pickle; then what is told by its first bytes alone. */
export const CONTAINERS: readonly Format[] = [
  zip,
  ...compressed,
  ...sevenZipArchives,
  npy,
  tar,
  ...programs,
  ...dataFiles,
  ...unopened,
]
