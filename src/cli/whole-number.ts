import { InvalidArgumentError } from 'commander'

/** Reads a flag's value as a whole number that is not less than `least`. */
export const wholeNumber =
  (least: number) =>
  (text: string): number => {
    if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text)
    throw new InvalidArgumentError(`A whole number from ${least} is expected.`)
  }
