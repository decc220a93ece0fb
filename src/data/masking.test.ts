import { expect, test } from 'vitest'
import type { ColumnProfile } from '../core/column-profile.ts'
import { UserError } from '../core/errors.ts'
import { maskedError, maskedProfile, maskingErrors, mayShow } from './masking.ts'

const SECRET = '078-05-1120'
const sensitive = new Set(['ssn'])

test('a rule on a sensitive column, or on the whole row, shows no values', () => {
  expect(mayShow(['age'], sensitive)).toBe(true)
  expect(mayShow(['age', 'ssn'], sensitive)).toBe(false)
  expect(mayShow([''], sensitive)).toBe(false)
  expect(mayShow([], sensitive)).toBe(false)
  expect(mayShow([], new Set())).toBe(true)
})

test('a profile keeps counts alone', () => {
  const profile: ColumnProfile = {
    name: 'ssn',
    type: 'VARCHAR',
    kind: 'text',
    rows: 10,
    missing: 1,
    distinct: 9,
    distinctIsEstimate: false,
    lengths: { min: 11, max: 11, mean: 11 },
    times: { earliest: SECRET, latest: SECRET },
    histogram: { edges: [78051120, 78051121], counts: [9] },
    top: [{ value: SECRET, rows: 1 }],
  }
  const masked = maskedProfile(profile)
  expect(masked).toEqual({
    name: 'ssn',
    type: 'VARCHAR',
    kind: 'text',
    rows: 10,
    missing: 1,
    distinct: 9,
    distinctIsEstimate: false,
    sensitive: true,
  })
})

const engine = new Error(`Conversion Error: Could not convert string "${SECRET}" to INT64`)

test.each([
  new UserError('E_FILE_FORMAT', `a.csv:3: expected 2 fields, found 3`, {
    location: { file: 'a.csv', line: 3 },
    frame: `3 | ${SECRET},1,2`,
    cause: engine,
  }),
  new UserError('E_FILE_FORMAT', `a.jsonl:3: the line is not JSON: Unexpected token, "{"ssn": ${SECRET}" is not valid JSON`, {
    location: { file: 'a.jsonl', line: 3 },
    cause: engine,
  }),
  new UserError('E_FILE_FORMAT', `a.parquet cannot be read: ${engine.message}`, { cause: engine }),
  engine,
  new TypeError(`cannot read ${SECRET}`),
])('an error keeps its kind and place, and quotes nothing: $message', async (error) => {
  const masked = maskedError(error, sensitive) as UserError
  expect(JSON.stringify([masked.message, masked.stack, masked.frame, masked.hint, masked.cause])).not.toContain(SECRET)
  expect(masked.message).toMatch(
    /^(a\.csv:3: expected 2 fields, found 3|a\.jsonl:3: the line is not JSON|a\.parquet cannot be read|\w* ?Error) /,
  )
  expect(masked.location).toEqual((error as UserError).location)
  expect(maskedError(error, new Set())).toBe(error)
  await expect(
    maskingErrors(sensitive, async () => {
      throw error
    }),
  ).rejects.toThrow(masked.message)
})

test('an error in our own words stays as it is, and so does an interruption', () => {
  const ours = new UserError('E_COLUMN_MISSING', 'a.csv has no column "agee"', { hint: 'Is "age" meant?' })
  expect(maskedError(ours, sensitive)).toBe(ours)
  const interrupted = new DOMException('This operation was aborted', 'AbortError')
  expect(maskedError(interrupted, sensitive)).toBe(interrupted)
})
