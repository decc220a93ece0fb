import type { Part } from '../examination.ts'

/**
 * Whether the part is a member of an archive that people put anything into: no loader of models runs a program out of it. Files of
 * models that are archives have names of their own: `.pt`, `.keras`, `.mar`.
 */
export function isInArchiveOfAnything({ name }: Part): boolean {
  const archive = name.lastIndexOf('!')
  return archive !== -1 && /\.(zip|tar|tgz|7z|rar|gz|bz2|xz|zst)$/i.test(name.slice(0, archive))
}
