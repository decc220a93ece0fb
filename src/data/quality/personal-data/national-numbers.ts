import type { Detector } from './detector.ts'

const DAY = '(0[1-9]|[12][0-9]|3[01])'
const MONTH = '(0[1-9]|1[0-2])'

interface NationalNumber {
  readonly country: string
  readonly title: string
  readonly source: string
  /** Of the number without separators, unless `raw`. */
  readonly pattern: string
  readonly check: string
  readonly chance: number
  /** The pattern is of the text as it stands, separators and all. */
  readonly raw?: true
}

/** Values of the characters 0–9, A–Z at odd places of an Italian tax code (Decreto ministeriale 23/12/1976). */
const ITALIAN_ODD = '[1,0,5,7,9,13,15,17,19,21,1,0,5,7,9,13,15,17,19,21,2,4,18,20,11,3,6,8,12,14,16,10,22,25,24,23]'
const place = (sql: string): string => `instr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', ${sql})`

/** Numbers of persons whose checksum is defined and tells enough to be found among other numbers. */
const NUMBERS: readonly NationalNumber[] = [
  {
    country: 'br',
    title: 'Brazilian taxpayer numbers (CPF)',
    source: 'Receita Federal: two check digits modulo 11',
    pattern: '[0-9]{11}',
    check: `c <> repeat(c[1], 11)
      AND (weighted(c, [10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11 % 10 = CAST(c[10] AS INTEGER)
      AND (weighted(c, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11 % 10 = CAST(c[11] AS INTEGER)`,
    chance: 0.01,
  },
  {
    country: 'ca',
    title: 'Canadian social insurance numbers',
    source: 'nine digits with the check digit of Luhn; none begins with 0 or 8',
    pattern: '[1-79][0-9]{8}',
    check: 'luhn(c)',
    chance: 0.1,
  },
  {
    country: 'cn',
    title: 'Chinese resident identity numbers',
    source: 'GB 11643-1999: date of birth and ISO 7064 MOD 11-2',
    pattern: `[1-9][0-9]{5}(19|20)[0-9]{2}${MONTH}${DAY}[0-9]{3}[0-9X]`,
    check: `substr('10X98765432', weighted(c, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11 + 1, 1) = c[18]`,
    chance: 1 / 11,
  },
  {
    country: 'de',
    title: 'German tax identification numbers',
    source: 'BZSt: eleven digits, ISO/IEC 7064 MOD 11,10',
    pattern: '[1-9][0-9]{10}',
    check: 'mod11_10(c)',
    chance: 0.1,
  },
  {
    country: 'es',
    title: 'Spanish identity numbers (DNI, NIE)',
    source: 'control letter by the number modulo 23',
    pattern: '[0-9XYZ][0-9]{7}[A-HJ-NP-TV-Z]',
    check: `substr('TRWAGMYFPDXBNJZSQVHLCKE', CAST(translate(left(c, 8), 'XYZ', '012') AS INTEGER) % 23 + 1, 1) = right(c, 1)`,
    chance: 1 / 23,
  },
  {
    country: 'fi',
    title: 'Finnish personal identity codes',
    source: 'control character by the number modulo 31',
    pattern: `${DAY}${MONTH}[0-9]{2}[-+A][0-9]{3}[0-9A-FHJ-NPR-Y]`,
    check: `substr('0123456789ABCDEFHJKLMNPRSTUVWXY', CAST(left(c, 6) || substr(c, 8, 3) AS INTEGER) % 31 + 1, 1) = right(c, 1)`,
    chance: 1 / 31,
    raw: true,
  },
  {
    country: 'fr',
    title: 'French social security numbers (NIR)',
    source: 'INSEE: the key is 97 minus the number modulo 97',
    pattern: `[12][0-9]{2}${MONTH}[0-9]{10}`,
    check: 'CAST(right(c, 2) AS INTEGER) = 97 - CAST(left(c, 13) AS BIGINT) % 97',
    chance: 1 / 97,
  },
  {
    country: 'gb',
    title: 'NHS numbers',
    source: 'NHS Data Dictionary: modulo 11',
    pattern: '[0-9]{10}',
    check: 'c <> repeat(c[1], 10) AND weighted(c, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 = 0',
    chance: 1 / 11,
  },
  {
    country: 'it',
    title: 'Italian tax codes (codice fiscale)',
    source: 'Decreto ministeriale 23/12/1976: control letter modulo 26',
    pattern: '[A-Z]{6}[0-9]{2}[ABCDEHLMPRST][0-9]{2}[A-Z][0-9]{3}[A-Z]',
    check: `chr(CAST(65 + list_sum(list_transform(range(1, 16), k -> CASE WHEN k % 2 = 1 THEN ${ITALIAN_ODD}[${place('c[k]')}]
      WHEN c[k] BETWEEN '0' AND '9' THEN ascii(c[k]) - 48 ELSE ascii(c[k]) - 65 END)) % 26 AS INTEGER)) = c[16]`,
    chance: 1 / 26,
    raw: true,
  },
  {
    country: 'nl',
    title: 'Dutch citizen service numbers (BSN)',
    source: 'the eleven-test with weight -1 for the last digit',
    pattern: '[0-9]{9}',
    check: `c <> '000000000' AND weighted(c, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 = 0`,
    chance: 1 / 11,
  },
  {
    country: 'pl',
    title: 'Polish PESEL numbers',
    source: 'date of birth with the century in the month, weights 1 3 7 9',
    pattern: `[0-9]{2}([02468][1-9]|[13579][0-2])${DAY}[0-9]{5}`,
    check: 'weighted(c, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 = 0',
    chance: 0.1,
  },
  {
    country: 'se',
    title: 'Swedish personal identity numbers',
    source: 'Skatteverket: date of birth and the check digit of Luhn over the last ten digits',
    pattern: `(19|20)?[0-9]{2}${MONTH}${DAY}[0-9]{4}`,
    check: 'luhn(right(c, 10))',
    chance: 0.1,
  },
]

export const NATIONAL_NUMBERS: readonly Detector[] = [
  {
    kind: 'national-number-us',
    title: 'US social security numbers',
    source: 'Social Security Administration: written 3-2-4; no area 000, 666 or 9xx, no group 00, no serial 0000',
    candidate: String.raw`CASE WHEN length(v) >= 11 AND regexp_matches(v, '[0-9]{3}-[0-9]{2}-[0-9]{4}')
      THEN nullif(regexp_extract(v, '(^|[^0-9-])([0-9]{3}-[0-9]{2}-[0-9]{4})($|[^0-9-])', 2), '') END`,
    check: `left(c, 3) NOT IN ('000', '666') AND c[1] <> '9' AND substr(c, 5, 2) <> '00' AND right(c, 4) <> '0000'`,
    // There is no check digit: nearly every number that is written so passes, and the form itself is the sign.
    chance: 0,
    least: 1,
  },
  ...NUMBERS.map(({ country, title, source, pattern, check, chance, raw }) => {
    const text = raw ? 'v' : 'd'
    return {
      kind: `national-number-${country}`,
      title,
      source,
      candidate: `CASE WHEN ${text} IS NOT NULL AND regexp_full_match(${text}, '${pattern}') THEN ${text} END`,
      check,
      chance,
      // One or two numbers that pass a check by chance are no sign of anything.
      least: chance > 0.05 ? 3 : 2,
    }
  }),
]
