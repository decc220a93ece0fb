import { literal } from '../../drivers/duckdb.ts'
import type { CellSql } from '../scan/cell.ts'

export const FORMATS = ['date', 'time', 'date-time', 'email', 'uuid', 'uri', 'ipv4', 'ipv6'] as const
export type Format = (typeof FORMATS)[number]

/** RFC 3339, full-date, with the days that the months have. */
const DATE = [
  '[0-9]{4}-(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])',
  '[0-9]{4}-(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)',
  '[0-9]{4}-02-(?:0[1-9]|1[0-9]|2[0-8])',
  '(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29',
].join('|')

/** RFC 3339, full-time: the offset is part of it. The second 60 is looked at by `isLeapSecond`. */
const TIME = '(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:[.][0-9]+)?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])'

/** RFC 5321, Mailbox, with the Dot-string of RFC 5322 before the @ and a domain of two labels at least behind it. */
const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
const EMAIL = `${ATOM}(?:[.]${ATOM})*@${LABEL}(?:[.]${LABEL})+`

/** RFC 9562, section 4: in groups of 8, 4, 4, 4 and 12 hexadecimal digits. */
const UUID = '[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}'

/** RFC 3986, dec-octet: no leading zeros. */
const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])'
const IPV4 = `${OCTET}(?:[.]${OCTET}){3}`

/** RFC 3986, IPv6address, which is RFC 4291 without zones. */
const H16 = '[0-9A-Fa-f]{1,4}'
const LS32 = `(?:${H16}:${H16}|${IPV4})`
const upTo = (count: number): string => `(?:(?:${H16}:){0,${count}}${H16})?::`
const IPV6 = [
  `(?:${H16}:){6}${LS32}`,
  `::(?:${H16}:){5}${LS32}`,
  `(?:${H16})?::(?:${H16}:){4}${LS32}`,
  `${upTo(1)}(?:${H16}:){3}${LS32}`,
  `${upTo(2)}(?:${H16}:){2}${LS32}`,
  `${upTo(3)}${H16}:${LS32}`,
  `${upTo(4)}${LS32}`,
  `${upTo(5)}${H16}`,
  upTo(6),
].join('|')

/** RFC 3986, appendix A: a URI with its scheme. */
const UNRESERVED = 'A-Za-z0-9._~-'
const SUB_DELIMS = "!$&'()*+,;="
const one = (characters: string): string => `(?:[${characters}]|%[0-9A-Fa-f]{2})`
const PCHAR = one(`:@${SUB_DELIMS}${UNRESERVED}`)
const HOST = `(?:\\[(?:${IPV6}|[vV][0-9A-Fa-f]+[.][:${SUB_DELIMS}${UNRESERVED}]+)\\]|${one(SUB_DELIMS + UNRESERVED)}*)`
const AUTHORITY = `(?:${one(`:${SUB_DELIMS}${UNRESERVED}`)}*@)?${HOST}(?::[0-9]*)?`
const PATH = `(?://${AUTHORITY}(?:/${PCHAR}*)*|/?(?:${PCHAR}+(?:/${PCHAR}*)*)?)`
const TAIL = one(`/?:@${SUB_DELIMS}${UNRESERVED}`)
const URI = `[A-Za-z][A-Za-z0-9+.-]*:${PATH}(?:[?]${TAIL}*)?(?:#${TAIL}*)?`

const matches = (text: string, regex: string): string => `regexp_full_match(${text}, ${literal(regex)})`

/** The second 60 is there at the end of a day of UTC alone (RFC 3339, section 5.7). */
function isLeapSecond(time: string): string {
  const number = (text: string) => `TRY_CAST(${text} AS INTEGER)`
  const minutes = (text: string) => `(${number(`substr(${text}, 1, 2)`)} * 60 + ${number(`substr(${text}, 4, 2)`)})`
  const offset = `CASE WHEN lower(right(${time}, 1)) = 'z' THEN 0
    ELSE ${minutes(`right(${time}, 5)`)} * CASE WHEN substr(right(${time}, 6), 1, 1) = '-' THEN -1 ELSE 1 END END`
  return `coalesce((${minutes(time)} - ${offset} + 2880) % 1440 = 1439, FALSE)`
}

const holdsTime = (time: string): string => `(substr(${time}, 7, 2) <> '60' OR ${isLeapSecond(time)})`

const HOLDS: Readonly<Record<Format, (text: string) => string>> = {
  date: (text) => matches(text, DATE),
  time: (text) => `(${matches(text, TIME)} AND ${holdsTime(text)})`,
  // RFC 3339 lets a space stand for the T.
  'date-time': (text) => `(${matches(text, `(?:${DATE})[Tt ]${TIME}`)} AND ${holdsTime(`substr(${text}, 12)`)})`,
  // RFC 5321, section 4.5.3.1: at most 64 octets before the @, and 254 in all.
  email: (text) => `(${matches(text, EMAIL)} AND strpos(${text}, '@') <= 65 AND length(${text}) <= 254)`,
  uuid: (text) => matches(text, UUID),
  uri: (text) => matches(text, URI),
  ipv4: (text) => matches(text, IPV4),
  ipv6: (text) => matches(text, IPV6),
}

/**
 * Condition on the value of a cell that is text: it is written in the format. Columns of dates and times hold values and not text;
 * theirs is the format that their type stands for.
 */
export const holdsFormat = ({ value, time }: CellSql['string'], format: Format): string =>
  time?.format === format ? time.holds : HOLDS[format](value)
