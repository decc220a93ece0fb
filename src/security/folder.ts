import { readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

/** Something that lies in a folder that is scanned. */
export interface FolderEntry {
  readonly path: string
  /** Relative to the folder, with forward slashes. */
  readonly place: string
  /** `link`: a symbolic link out of the folder, or to nothing. `unreadable`: a folder that cannot be listed. */
  readonly kind: 'file' | 'link' | 'special' | 'unreadable' | 'history'
}

/**
 * Everything in a folder and below, in order of the paths. Symbolic links are not followed: one that stays in the folder leads to
 * something that is in the list anyway, and is left out. Hidden files count as any others. A git repository's own folder is one entry.
 *
 * @throws the file system's error when the folder itself cannot be listed
 */
export function* entriesOf(folder: string): Generator<FolderEntry> {
  const root = realpathSync(folder)
  yield* below(folder, folder, root)
}

function* below(folder: string, top: string, root: string): Generator<FolderEntry> {
  const entries = readdirSync(folder, { withFileTypes: true })
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    const place = relative(top, path).split(sep).join('/')
    if (entry.isFile()) yield { path, place, kind: 'file' }
    else if (entry.isSymbolicLink()) {
      if (leadsOut(path, root)) yield { path, place, kind: 'link' }
    } else if (!entry.isDirectory()) yield { path, place, kind: 'special' }
    else if (isHistory(path, entry.name)) yield { path, place, kind: 'history' }
    else {
      try {
        yield* below(path, top, root)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).syscall !== 'scandir') throw error
        yield { path, place, kind: 'unreadable' }
      }
    }
  }
}

function leadsOut(link: string, root: string): boolean {
  try {
    const target = realpathSync(link)
    return target !== root && !target.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)
  } catch {
    return true
  }
}

/** Whether it is the folder that git keeps a repository in. */
function isHistory(path: string, name: string): boolean {
  if (name !== '.git') return false
  try {
    return statSync(join(path, 'HEAD')).isFile() && statSync(join(path, 'objects')).isDirectory()
  } catch {
    return false
  }
}

/** Where a link leads, as it is written. */
export function targetOf(link: string): string {
  try {
    return readlinkSync(link)
  } catch {
    return ''
  }
}
