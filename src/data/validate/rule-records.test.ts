import { expect, test } from 'vitest'
import { loadRowSchema } from '../row-schema/load.ts'
import { ruleRecords } from './rule-records.ts'
import type { TableRule, TableVerdict } from '../table-rules/rule.ts'
import type { RuleSettings } from '../table-rules/settings.ts'
import type { Judgement } from './judgement.ts'
import { outcomeOf, STRICT } from './outcome.ts'

const schema = loadRowSchema('{"properties": {"age": {"minimum": 18}}}', 'schema.json')
const location = { file: 'schema.json', line: 1, column: 2 }

interface Case {
  readonly table?: Judgement['tableOutcomes']
  readonly rows?: number
  readonly settings?: RuleSettings
}

function judgement(broken: number, { table = [], rows = 200, settings = STRICT }: Case = {}): Judgement {
  const outcomes = [outcomeOf({ rule: schema.rules[0]!, broken, examples: [], answeredBy: 'footer' }, rows, settings)]
  return { rows, outcomes, tableOutcomes: table, absent: [] } as Partial<Judgement> as Judgement
}

test('a rule with an allowance says so, and is as it was judged', () => {
  const settings = { severity: 'error', mostly: 0.99 } as const
  expect(ruleRecords(schema, judgement(3, { settings }))[0]).toMatchObject({
    expected: 'minimum 18 in at least 99 % of rows',
    found: '3 rows (1.5 %) break it',
    mostly: 0.99,
    verdict: 'inconclusive',
    answeredBy: 'footer',
  })
})

test('a rule that only warns warns; no rows are no answer', () => {
  const settings = { severity: 'warning', mostly: 1 } as const
  expect(ruleRecords(schema, judgement(3, { settings }))[0]).toMatchObject({ verdict: 'warn', broken: 3 })
  expect(ruleRecords(schema, judgement(0, { rows: 0 }))[0]).toMatchObject({ verdict: 'skip', found: 'no rows' })
})

test('rules on the table stand after those on rows, with their measurements or their rows', () => {
  const rule = (kind: string, severity: TableRule['severity'], columns: readonly string[] = []): TableRule => ({
    kind,
    columns,
    pointer: `/x-plimsoll/${kind}`,
    location,
    severity,
    phrase: kind,
    bind: () => {
      throw new Error('not asked for')
    },
  })
  const verdict: TableVerdict = {
    verdict: 'fail',
    message: '',
    expected: 'at most 100 rows',
    actual: '200 rows',
    measurements: [],
  }
  const outcome = { verdict, examples: [], answeredBy: 'footer' as const }
  const records = ruleRecords(
    schema,
    judgement(0, {
      table: [
        { ...outcome, rule: rule('rows', 'warning'), verdict: { ...verdict, measurements: [{ name: 'rows', value: 200 }] } },
        { ...outcome, rule: rule('unique', 'error', ['id']), verdict: { ...verdict, broken: 4 } },
      ],
    }),
  )
  expect(records.map(({ rule: kind }) => kind)).toEqual(['minimum', 'rows', 'unique'])
  expect(records[1]).toMatchObject({ verdict: 'warn', columns: [], measurements: [{ name: 'rows', value: 200 }] })
  expect(records[1]).not.toHaveProperty('broken')
  expect(records[2]).toMatchObject({
    verdict: 'fail',
    columns: ['id'],
    broken: 4,
    share: 0.02,
    expected: 'unique in at most 100 rows',
  })
})
