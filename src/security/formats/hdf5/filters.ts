import type { Hdf5File } from './file.ts'

/** Filters that are a part of the HDF5 library, and LZF, which h5py brings. */
const BUILT_IN = new Set([1, 2, 3, 4, 5, 6, 32000])

/** The first filter of a pipeline that is not a part of HDF5 and h5py: `32001`. */
export function checkFilters(file: Hdf5File, start: number, end: number): string | undefined {
  const version = file.number(start, 1)
  const count = file.number(start + 1, 1)
  let at = start + (version === 1 ? 8 : 2)
  for (let i = 0; i < count && at + 6 <= end; i++) {
    const id = file.number(at, 2)
    if (!BUILT_IN.has(id)) return String(id)
    const hasName = version === 1 || id >= 256
    const nameSize = hasName ? file.number(at + 2, 2) : 0
    at += hasName ? 4 : 2
    const values = file.number(at + 2, 2)
    at += 4 + (version === 1 ? Math.ceil(nameSize / 8) * 8 : nameSize) + 4 * values
    if (version === 1 && values % 2 === 1) at += 4
  }
  return undefined
}
