import { InvalidArgumentError } from 'commander'

/** Reads a flag's value as a whole number within limits. */
export const wholeNumber =
  (least: number, most = 999_999_999) =>
  (text: string): number => {
    if (/^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text)
    throw new InvalidArgumentError(`A whole number from ${least}${most < 999_999_999 ? ` to ${most}` : ''} is expected.`)
  }

/** A port to listen on; 0 for any free one. */
export const portNumber = wholeNumber(0, 65_535)

/** Reads a flag's value as a share. */
export function share(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value <= 1) return value
  throw new InvalidArgumentError('A number from 0 to 1 is expected.')
}
