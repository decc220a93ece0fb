import type { Detector } from './detector.ts'

/** Lengths of the IBANs of the countries in the register of SWIFT. */
const IBAN_LENGTHS: Readonly<Record<number, string>> = {
  15: 'NO',
  16: 'BE',
  18: 'DK FI FO GL NL SD FK',
  19: 'MK SI',
  20: 'AT BA EE KZ LT LU MN XK',
  21: 'CH HR LI LV',
  22: 'BG BH CR DE GB GE IE ME RS VA',
  23: 'AE GI IL IQ OM SO TL',
  24: 'AD CZ ES MD PK RO SA SE SK TN VG',
  25: 'LY PT ST',
  26: 'IS TR',
  27: 'BI DJ FR GR IT MC MR SM',
  28: 'AL AZ BY CY DO GT HU LB NI PL SV',
  29: 'BR EG PS QA UA',
  30: 'JO KW MU YE',
  31: 'MT SC',
  32: 'LC',
  33: 'RU',
}
const LENGTH_OF_COUNTRY = Object.entries(IBAN_LENGTHS).map(
  ([length, countries]) =>
    `WHEN left(c, 2) IN (${countries
      .split(' ')
      .map((country) => `'${country}'`)
      .join(', ')}) THEN ${length}`,
)

/** Issuer prefix and length of the large card schemes: Visa, Mastercard, American Express, Discover, Diners Club, JCB, UnionPay, Maestro. */
const CARD = [
  '4[0-9]{12}([0-9]{3}([0-9]{3})?)?',
  '5[1-5][0-9]{14}|2(22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}',
  '3[47][0-9]{13}',
  '6(011|5[0-9]{2}|4[4-9][0-9])[0-9]{12}',
  '3(0[0-5]|[68][0-9])[0-9]{11}',
  '35(2[89]|[3-8][0-9])[0-9]{12}',
  '62[0-9]{14,17}',
].join('|')

export const PAYMENT: readonly Detector[] = [
  {
    kind: 'card-number',
    title: 'payment-card numbers',
    source: 'issuer prefix and length of the scheme, and the check digit of ISO/IEC 7812-1 (Luhn)',
    candidate: String.raw`CASE WHEN length(v) >= 13 AND regexp_matches(v, '[0-9]{4}[ -]?[0-9]{4}') THEN
      CASE WHEN regexp_full_match(regexp_replace(regexp_extract(v, '(^|[^0-9.])((?:[0-9][ -]?){12,18}[0-9])($|[^0-9])', 2), '[ -]', '', 'g'), '${CARD}')
      THEN regexp_replace(regexp_extract(v, '(^|[^0-9.])((?:[0-9][ -]?){12,18}[0-9])($|[^0-9])', 2), '[ -]', '', 'g') END END`,
    check: 'luhn(c)',
    chance: 0.1,
    least: 1,
  },
  {
    kind: 'iban',
    title: 'bank account numbers (IBAN)',
    source: 'ISO 13616: length of the country, and ISO/IEC 7064 MOD 97-10',
    candidate: String.raw`CASE WHEN length(v) >= 15 AND regexp_matches(v, '[A-Z]{2}[0-9]{2}[ ]?[A-Z0-9]{4}') THEN
      nullif(replace(regexp_extract(v, '(^|[^A-Z0-9])([A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30})($|[^A-Z0-9])', 2), ' ', ''), '') END`,
    check: `length(c) = CASE ${LENGTH_OF_COUNTRY.join(' ')} ELSE -1 END AND mod97(substr(c, 5) || left(c, 4)) = 1`,
    chance: 0.01,
    least: 1,
  },
]
