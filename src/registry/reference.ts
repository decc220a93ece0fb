import { UserError } from '../core/errors.ts'

const NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/i

/** What a user may write for a version: `name` (the newest), `name/3`, or `name@champion`. */
export interface VersionReference {
  readonly name: string
  readonly version: number | null
  readonly alias: string | null
}

/** @throws UserError E_VALUE when the text is none of `name`, `name/3`, `name@alias` */
export function parseReference(text: string): VersionReference {
  const match = /^([^/@]+)(?:\/([1-9]\d{0,8})|@([^/@]+))?$/.exec(text)
  if (!match || !NAME.test(match[1]!) || (match[3] !== undefined && !isAlias(match[3]))) {
    throw new UserError('E_VALUE', `"${text}" does not name a model version`, {
      hint: 'Write a name (its newest version), name/3, or name@alias.',
    })
  }
  return { name: match[1]!, version: match[2] === undefined ? null : Number(match[2]), alias: match[3] ?? null }
}

/** @throws UserError E_VALUE when a model cannot be called that */
export function requireModelName(name: string): void {
  if (NAME.test(name)) return
  throw new UserError('E_VALUE', `"${name}" cannot be the name of a model`, {
    hint: 'Use up to 63 letters, digits, dots, dashes and underscores, beginning with a letter or digit.',
  })
}

/** @throws UserError E_VALUE when an alias cannot be called that */
export function requireAlias(alias: string): void {
  if (isAlias(alias)) return
  throw new UserError('E_VALUE', `"${alias}" cannot be an alias`, {
    hint: 'Use a word such as champion, challenger, staging or production; a number would be taken for a version.',
  })
}

const isAlias = (text: string): boolean => NAME.test(text) && !/^\d+$/.test(text)
