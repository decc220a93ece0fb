import type { Format } from '../format.ts'
import { gzip, zlib } from './compressed.ts'
import { npy } from './npy.ts'
import { tar } from './tar.ts'
import { unopened } from './unopened.ts'
import { zip } from './zip.ts'

/** What holds other files, or a pickle. */
export const CONTAINERS: readonly Format[] = [zip, gzip, zlib, npy, tar, ...unopened]
