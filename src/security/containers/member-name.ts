/** Whether unpacking a member of this name can write outside of the folder: upwards, from the root, from a drive, or cut at a NUL. */
export const isOutside = (name: string): boolean => /(^|[\\/])\.\.([\\/]|$)|^[\\/]|^[A-Za-z]:|\0/.test(name)
