/** A kind of personal data that can be told from a value alone. */
export interface Detector {
  /** Stable: `email`, `card-number`, `national-number-nl`. */
  readonly kind: string
  /** As people call it, in the plural. */
  readonly title: string
  /** The rule that a value must follow, and where it is written. */
  readonly source: string
  /** SQL of what in the text could be one, without separators; null where nothing could. `v` is the text, `d` as in `COMPACT`. */
  readonly candidate: string
  /** SQL of whether the candidate `c` passes its checksum; undefined where the form alone tells. */
  readonly check?: string
  /** How often a random candidate passes the check. */
  readonly chance: number
  /** Fewer valid ones than this are not reported. */
  readonly least: number
}

/**
 * SQL of a text that as a whole is a number with separators, without them; null for other text. Most text fails its pattern at the
 * first letter, which keeps the many patterns after it cheap.
 */
export const COMPACT = `CASE WHEN length(v) BETWEEN 8 AND 26 AND regexp_full_match(v, '[0-9A-Za-z][0-9 ./-]{6,22}[0-9A-Za-z]')
  THEN upper(regexp_replace(v, '[ ./-]', '', 'g')) END`

/** Macros that the checks use. A text of digits is `s`, a list of weights `w`. */
export const MACROS = [
  'CREATE OR REPLACE TEMP MACRO weighted(s, w) AS CAST(list_sum(list_transform(range(1, len(w) + 1), k -> CAST(s[k] AS INTEGER) * w[k])) AS BIGINT)',
  // Luhn, ISO/IEC 7812-1 annex B: from the right, every second digit is doubled and its digits are summed.
  `CREATE OR REPLACE TEMP MACRO luhn(s) AS list_sum(list_transform(range(1, length(s) + 1), k ->
     CAST(reverse(s)[k] AS INTEGER) * CASE WHEN k % 2 = 0 THEN 2 ELSE 1 END
     - CASE WHEN k % 2 = 0 AND reverse(s)[k] > '4' THEN 9 ELSE 0 END)) % 10 = 0`,
  // ISO/IEC 7064 MOD 97-10 over digits and letters, A = 10 to Z = 35, one at a time so that no number overflows.
  `CREATE OR REPLACE TEMP MACRO mod97(s) AS list_reduce(
     list_transform(string_split(s, ''), c -> CASE WHEN c BETWEEN '0' AND '9' THEN ascii(c) - 48 ELSE ascii(c) - 55 END),
     (a, x) -> (a * CASE WHEN x > 9 THEN 100 ELSE 10 END + x) % 97, 0)`,
  // ISO/IEC 7064 MOD 11,10.
  `CREATE OR REPLACE TEMP MACRO mod11_10(s) AS (list_reduce(list_transform(string_split(left(s, length(s) - 1), ''), c -> ascii(c) - 48),
     (p, x) -> (CASE WHEN (p + x) % 10 = 0 THEN 10 ELSE (p + x) % 10 END * 2) % 11, 10) + CAST(right(s, 1) AS INTEGER)) % 10 = 1`,
]
