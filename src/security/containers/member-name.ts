/** Whether unpacking a member of this name can write outside of the folder: upwards, from the root, from a drive, or cut at a NUL. */
export const isOutside = (name: string): boolean => /(^|[\\/])\.\.([\\/]|$)|^[\\/]|^[A-Za-z]:|\0/.test(name)

/** Whether a symbolic link in an archive leads out of the folder that the archive is unpacked to. */
export function leadsOut(name: string, target: string): boolean {
  if (/^[\\/]|^[A-Za-z]:|\0/.test(target)) return true
  let depth = name.split(/[\\/]/).filter((step) => step !== '' && step !== '.').length - 1
  for (const step of target.split(/[\\/]/)) {
    if (step === '..') depth--
    else if (step !== '' && step !== '.') depth++
    if (depth < 0) return true
  }
  return false
}
