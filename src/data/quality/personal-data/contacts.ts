import type { Detector } from './detector.ts'

const NANP = String.raw`(\+?1[ .-]?)?(\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[ .-])[2-9][0-9]{2}[ .-][0-9]{4}`

export const CONTACTS: readonly Detector[] = [
  {
    kind: 'email',
    title: 'e-mail addresses',
    source: 'RFC 5322 addr-spec, without quoted and commented forms',
    candidate: String.raw`CASE WHEN contains(v, '@')
      THEN nullif(regexp_extract(v, '[A-Za-z0-9._%+-]+@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}'), '') END`,
    chance: 0,
    least: 1,
  },
  {
    kind: 'phone',
    title: 'telephone numbers',
    source: 'E.164 with its plus sign, at most 15 digits; the North American Numbering Plan with separators',
    candidate: String.raw`CASE
      WHEN starts_with(v, '+') AND regexp_full_match(v, '\+[1-9][0-9 ().-]{6,20}[0-9]')
        THEN CASE WHEN length(regexp_replace(v, '[^0-9]', '', 'g')) BETWEEN 8 AND 15 THEN v END
      WHEN length(v) BETWEEN 12 AND 18 AND regexp_full_match(v, '${NANP}') THEN v END`,
    chance: 0,
    least: 1,
  },
]
