import { expect, test } from 'vitest'
import { openDuckdb } from '../../../drivers/duckdb.ts'
import { COMPACT, MACROS } from './detector.ts'
import { DETECTORS } from './detectors.ts'
import { maskText } from './mask.ts'

/** Numbers that test suites and authorities publish as examples, and the same with one digit changed. */
const NUMBERS: readonly [kind: string, valid: readonly string[], invalid: readonly string[]][] = [
  ['email', ['ada@example.org', 'write to a.b+c@mail.example.co.uk, please'], ['ada@', '@handle', 'a@b']],
  ['phone', ['+44 20 7946 0958', '+14155552671', '(415) 555-2671', '415-555-2671'], ['+5', '115-555-2671', '2024-01-01', '415']],
  [
    'card-number',
    ['4111 1111 1111 1111', '5555555555554444', '378282246310005', 'card 6011111111111117'],
    ['4111111111111112', '1234567890123456'],
  ],
  [
    'iban',
    ['GB82 WEST 1234 5698 7654 32', 'DE89370400440532013000', 'FR1420041010050500013M02606'],
    ['GB82WEST12345698765433', 'DE8937040044053201300'],
  ],
  [
    'national-number-us',
    ['123-45-6789', 'ssn 219-09-9999'],
    ['000-12-3456', '666-12-3456', '923-45-6789', '123-00-6789', '123-45-0000'],
  ],
  ['national-number-br', ['529.982.247-25', '52998224725'], ['52998224724', '11111111111']],
  ['national-number-ca', ['193-456-787'], ['193-456-788']],
  ['national-number-cn', ['11010519491231002X'], ['110105194912310021']],
  ['national-number-de', ['86095742719'], ['86095742718']],
  ['national-number-es', ['12345678Z', 'X1234567L'], ['12345678A']],
  ['national-number-fi', ['131052-308T'], ['131052-308U']],
  ['national-number-fr', ['255081416802538'], ['255081416802539']],
  ['national-number-gb', ['943 476 5919'], ['943 476 5918']],
  ['national-number-it', ['RSSMRA85T10A562S'], ['RSSMRA85T10A562T']],
  ['national-number-nl', ['111222333'], ['111222334']],
  ['national-number-pl', ['44051401359'], ['44051401358']],
  ['national-number-se', ['811218-9876', '198112189876'], ['811218-9875']],
]

test('known numbers pass their check, and one wrong digit does not', async () => {
  const duckdb = await openDuckdb()
  for (const macro of MACROS) await duckdb.run(macro)
  expect(NUMBERS.map(([kind]) => kind).toSorted()).toEqual(DETECTORS.map(({ kind }) => kind).toSorted())
  for (const { kind, candidate, check } of DETECTORS) {
    const [, valid, invalid] = NUMBERS.find(([name]) => name === kind)!
    const texts = [...valid, ...invalid]
    const rows = await duckdb.query<{ v: string; ok: boolean | null }>(
      `SELECT v, CASE WHEN c IS NOT NULL THEN ${check ?? 'TRUE'} END AS ok
       FROM (SELECT v, ${candidate} AS c FROM (SELECT v, ${COMPACT} AS d FROM (VALUES ${texts.map((text) => `('${text}')`).join(', ')}) AS t(v)))`,
    )
    expect({ kind, found: rows.filter(({ ok }) => ok).map(({ v }) => v) }).toEqual({ kind, found: valid })
  }
  duckdb.close()
})

test('a mask shows the form alone', () => {
  expect(maskText('ada.l@example.org')).toBe('***.*@*******.***')
  expect(maskText('4111-1111 Ünïté ٣')).toBe('####-#### ***** #')
  expect(maskText('x'.repeat(60))).toBe(`${'*'.repeat(40)}…`)
})
