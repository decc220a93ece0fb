/** Why a path that a file names leads out of the folder that the file is in, in words; undefined when it stays in it. */
export function leadsOutside(path: string): string | undefined {
  if (path.includes('\0')) return 'has a NUL character in it'
  if (/^[a-z][a-z0-9+.-]{1,20}:/i.test(path)) return 'is a URL'
  if (/^[a-z]:/i.test(path) || /^[\\/]/.test(path)) return 'is absolute'
  if (path.startsWith('~')) return 'leads to a home folder'
  if (path.split(/[\\/]/).includes('..')) return 'leads to a folder above'
  return undefined
}
