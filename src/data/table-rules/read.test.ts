import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { UserError } from '../../core/errors.ts'
import { loadRowSchema } from '../row-schema/load.ts'
import { TABLE_RULE_KINDS } from './kinds.ts'
import { readTableRules } from './read.ts'
import { SETTING_SUMMARIES } from './settings.ts'

const load = (text: string) => readTableRules(loadRowSchema(text, 'schema.json'))

/** The block on the column age, or on the row, of a schema with the columns age, zip and city. */
const onColumn = (block: string): string =>
  `{\n  "properties": {\n    "age": {\n      "type": "number",\n      "minimum": 0,\n      "x-plimsoll": ${block}\n    },\n    "zip": true,\n    "city": true\n  }\n}`
const onRow = (block: string): string =>
  `{\n  "properties": { "age": true, "zip": true, "city": true },\n  "x-plimsoll": ${block}\n}`

/** The mistake of a schema in which » stands where it is to be found. */
function mistakeOf(marked: string): { error: UserError; place: string } {
  const at = marked.indexOf('»')
  if (at < 0) throw new Error('the schema has no mark')
  const before = marked.slice(0, at).split('\n')
  const place = `schema.json:${before.length}:${before.at(-1)!.length + 1}`
  try {
    load(marked.replace('»', ''))
  } catch (error) {
    if (error instanceof UserError) return { error, place }
    throw error
  }
  throw new Error('the schema was accepted')
}

test('every rule has its kind, columns, place, pointer, severity and phrase', () => {
  const { rules } = load(`{
  "x-plimsoll": {
    "severity": "warning",
    "rows": { "min": 10 },
    "keys": [["age"], { "columns": ["zip", "city"], "severity": "error" }],
    "foreignKeys": [{ "columns": ["zip"], "references": { "file": "zips.csv", "columns": ["code"] } }],
    "predicates": [{ "name": "grown", "sql": "age > 17" }]
  },
  "properties": {
    "age": { "x-plimsoll": { "unique": true, "quantiles": { "0.5": { "min": 1, "max": 2 }, "0.9": { "max": 3, "severity": "warning" } } } },
    "zip": { "x-plimsoll": { "unique": false } },
    "city": true
  }
}`)
  expect(
    rules.map(({ kind, columns, pointer, location, severity, phrase }) => [
      kind,
      columns.join(),
      pointer,
      `${location.line}:${location.column}`,
      severity,
      phrase,
    ]),
  ).toEqual([
    ['rows', '', '/x-plimsoll/rows', '4:5', 'warning', 'rows at least 10'],
    ['keys', 'age', '/x-plimsoll/keys/0', '5:14', 'warning', 'key (age)'],
    ['keys', 'zip,city', '/x-plimsoll/keys/1', '5:23', 'error', 'key (zip, city)'],
    ['foreignKeys', 'zip', '/x-plimsoll/foreignKeys/0', '6:21', 'warning', '(zip) in (code) of zips.csv'],
    ['predicates', '', '/x-plimsoll/predicates/0', '7:20', 'warning', 'grown'],
    ['unique', 'age', '/properties/age/x-plimsoll/unique', '10:30', 'error', 'unique'],
    ['quantiles', 'age', '/properties/age/x-plimsoll/quantiles/0.5', '10:61', 'error', '0.5 quantile between 1 and 2'],
    ['quantiles', 'age', '/properties/age/x-plimsoll/quantiles/0.9', '10:92', 'warning', '0.9 quantile at most 3'],
  ])
})

test('a row rule has the settings of its keyword, else of its column, else it is an error and asked of all rows', () => {
  const schema = loadRowSchema(
    JSON.stringify({
      required: ['age'],
      properties: {
        age: {
          type: 'number',
          minimum: 0,
          maximum: 99,
          'x-plimsoll': {
            mostly: 0.9,
            severity: 'warning',
            rules: { minimum: { severity: 'error' }, required: { mostly: 0.5 } },
          },
        },
        zip: { type: 'string', 'x-plimsoll': { sensitive: true } },
        city: { type: 'string', 'x-plimsoll': { sensitive: false } },
      },
    }),
    'schema.json',
  )
  const read = readTableRules(schema)
  expect(Object.fromEntries(schema.rules.map((rule) => [`${rule.column} ${rule.keyword}`, read.settings(rule)]))).toEqual({
    'age required': { severity: 'warning', mostly: 0.5 },
    'age type': { severity: 'warning', mostly: 0.9 },
    'age minimum': { severity: 'error', mostly: 0.9 },
    'age maximum': { severity: 'warning', mostly: 0.9 },
    'zip type': { severity: 'error', mostly: 1 },
    'city type': { severity: 'error', mostly: 1 },
  })
  expect([...read.sensitive]).toEqual(['zip'])
})

test('every example of the reference is a rule, or a setting', () => {
  for (const { where, example } of TABLE_RULE_KINDS) {
    const columns = ['id', 'customer', 'month', 'zip', 'city'].map((name) => `"${name}": true`).join(', ')
    const block = `"x-plimsoll": { ${example} }`
    const text = where === 'row' ? `{ ${block}, "properties": { ${columns} } }` : `{ "properties": { "x": { ${block} } } }`
    expect({ example, rules: load(text).rules }).not.toEqual({ example, rules: [] })
  }
  for (const { example } of SETTING_SUMMARIES) {
    expect(load(`{ "properties": { "x": { "pattern": "a", "x-plimsoll": { ${example} } } } }`).rules).toEqual([])
  }
})

test('the schemas of the guide load', () => {
  const guide = readFileSync(new URL('../../../docs/guides/table-rules.md', import.meta.url), 'utf8')
  const schemas = [...guide.matchAll(/```json\n(.*?)```/gs)].map(([, text]) => text!)
  expect(schemas.map((text) => load(text).rules.length)).toEqual([7, 0])
})

test('the guide has a row for every kind', () => {
  const guide = readFileSync(new URL('../../../docs/guides/table-rules.md', import.meta.url), 'utf8')
  const [, onColumn, onRow] = guide.split(/^## On .*$/m)
  for (const { kind, where } of TABLE_RULE_KINDS) expect(where === 'row' ? onRow : onColumn).toContain(`| \`${kind}\` |`)
})

const MISTAKES: readonly [string, string, string, string?][] = [
  [onColumn('[]').replace('"x-plimsoll"', '»"x-plimsoll"'), '/properties/age/x-plimsoll', 'it must be an object'],
  [
    onColumn('{ »"unqiue": true }'),
    '/properties/age/x-plimsoll/unqiue',
    'it is not known for a column',
    'Did you mean "unique"?',
  ],
  [onColumn('{ »"keys": [["age"]] }'), '/properties/age/x-plimsoll/keys', 'it is not known for a column', "in the row's schema"],
  [onRow('{ »"mean": { "min": 1 } }'), '/x-plimsoll/mean', 'it is not known for a row', 'in the schema of a column'],
  [onRow('{ »"sensitive": true }'), '/x-plimsoll/sensitive', 'it is not known for a row', 'in the schema of a column'],
  [
    onColumn('{ »"whatever": 1 }'),
    '/properties/age/x-plimsoll/whatever',
    'it is not known for a column',
    'Known: mostly, severity',
  ],
  [onColumn('{ »"mostly": 0 }'), '/properties/age/x-plimsoll/mostly', 'it must be above 0'],
  [onColumn('{ »"mostly": 1.01 }'), '/properties/age/x-plimsoll/mostly', 'it must be at most 1'],
  [onColumn('{ »"mostly": "99 %" }'), '/properties/age/x-plimsoll/mostly', 'it must be a number'],
  [onColumn('{ »"severity": "info" }'), '/properties/age/x-plimsoll/severity', 'it must be "error" or "warning"'],
  [onColumn('{ »"sensitive": "yes" }'), '/properties/age/x-plimsoll/sensitive', 'it must be true or false'],
  [
    onColumn('{ "rules": { »"minimun": { "mostly": 0.5 } } }'),
    '/properties/age/x-plimsoll/rules/minimun',
    'the column "age" has no keyword "minimun"',
    'Did you mean "minimum"?',
  ],
  [
    onColumn('{ "rules": { »"pattern": {} } }'),
    '/properties/age/x-plimsoll/rules/pattern',
    'has no keyword "pattern"',
    'Known: type, minimum',
  ],
  [
    onColumn('{ "rules": { "minimum": { »"mostli": 1 } } }'),
    '/properties/age/x-plimsoll/rules/minimum/mostli',
    'it is not known here',
    'Did you mean "mostly"?',
  ],
  [
    onColumn('{ »"unique": "yes" }'),
    '/properties/age/x-plimsoll/unique',
    'it must be true, or an object with mostly or severity',
  ],
  [onColumn('{ "unique": { »"mostly": 2 } }'), '/properties/age/x-plimsoll/unique/mostly', 'it must be at most 1'],
  [
    onColumn('{ "unique": { »"maks": 2 } }'),
    '/properties/age/x-plimsoll/unique/maks',
    'it is not known here',
    'Known: mostly, severity',
  ],
  [
    onColumn('{ "missing": { »"maxx": 0.1 } }'),
    '/properties/age/x-plimsoll/missing/maxx',
    'it is not known here',
    'Did you mean "max"?',
  ],
  [onColumn('{ »"missing": 0.1 }'), '/properties/age/x-plimsoll/missing', 'it must be an object'],
  [onColumn('{ "missing": { »"max": 5 } }'), '/properties/age/x-plimsoll/missing/max', 'it must be at most 1'],
  [onColumn('{ »"missing": {} }'), '/properties/age/x-plimsoll/missing/max', 'it must be a number'],
  [onColumn('{ "distinct": { »"min": 3, "max": 2 } }'), '/properties/age/x-plimsoll/distinct/min', 'it is above max: 3 > 2'],
  [onColumn('{ "distinct": { »"min": 0.5 } }'), '/properties/age/x-plimsoll/distinct/min', 'it must be a whole number'],
  [onColumn('{ »"mean": {} }'), '/properties/age/x-plimsoll/mean', 'it needs min, max or both'],
  [onColumn('{ »"mean": { "severity": "warning" } }'), '/properties/age/x-plimsoll/mean', 'it needs min, max or both'],
  [onColumn('{ "mean": { »"mim": 1 } }'), '/properties/age/x-plimsoll/mean/mim', 'it is not known here', 'Did you mean "min"?'],
  [
    onColumn('{ "standardDeviation": { »"max": -1 } }'),
    '/properties/age/x-plimsoll/standardDeviation/max',
    'it must not be below 0',
  ],
  [
    onColumn('{ "quantiles": { »"1": { "max": 2 } } }'),
    '/properties/age/x-plimsoll/quantiles/1',
    'a quantile lies above 0 and below 1',
  ],
  [
    onColumn('{ "quantiles": { »"median": { "max": 2 } } }'),
    '/properties/age/x-plimsoll/quantiles/median',
    'a quantile lies above 0 and below 1',
  ],
  [
    onColumn('{ "quantiles": { "0.5": { »"min": 3, "max": 2 } } }'),
    '/properties/age/x-plimsoll/quantiles/0.5/min',
    'it is above max: 3 > 2',
  ],
  [onColumn('{ »"quantiles": {} }'), '/properties/age/x-plimsoll/quantiles', 'it must hold a quantile'],
  [
    onColumn('{ "freshness": { »"maxAge": "soon" } }'),
    '/properties/age/x-plimsoll/freshness/maxAge',
    '"soon" is not a duration; write 90m, 24h or 7d',
  ],
  [onColumn('{ »"freshness": true }'), '/properties/age/x-plimsoll/freshness', 'it must be an object'],
  [onColumn('{ »"order": "up" }'), '/properties/age/x-plimsoll/order', 'it must be "ascending" or "descending"'],
  [onRow('{ "rows": { »"min": -1 } }'), '/x-plimsoll/rows/min', 'it must not be below 0'],
  [onRow('{ »"keys": "age" }'), '/x-plimsoll/keys', 'it must be a list of keys, each a list of column names'],
  [
    onRow('{ "keys": [["zip", »"sity"]] }'),
    '/x-plimsoll/keys/0/1',
    '"properties" lists no column "sity"',
    'Did you mean "city"?',
  ],
  [onRow('{ "keys": [["zip", »"zip"]] }'), '/x-plimsoll/keys/0/1', 'the column is named twice'],
  [onRow('{ "keys": [»[]] }'), '/x-plimsoll/keys/0', 'it must name a column'],
  [onRow('{ "keys": [{ "columns": [»"sity"] }] }'), '/x-plimsoll/keys/0/columns/0', '"properties" lists no column "sity"'],
  [onRow('{ "order": [»"sity"] }'), '/x-plimsoll/order/0', '"properties" lists no column "sity"'],
  [
    onRow('{ "functionalDependencies": [{ "from": ["zip"], "to": [»"sity"] }] }'),
    '/x-plimsoll/functionalDependencies/0/to/0',
    '"properties" lists no column "sity"',
  ],
  [
    onRow('{ "functionalDependencies": [»{ "from": ["zip"] }] }'),
    '/x-plimsoll/functionalDependencies/0/to',
    'it must be a list of column names',
  ],
  [
    onRow('{ "foreignKeys": [{ "columns": ["zip"], "references": { "file": "a.csv", »"columns": ["a", "b"] } }] }'),
    '/x-plimsoll/foreignKeys/0/references/columns',
    'it must have as many columns as "columns" of the rule',
  ],
  [
    onRow('{ "foreignKeys": [{ "columns": ["zip"], »"references": "a.csv" }] }'),
    '/x-plimsoll/foreignKeys/0/references',
    'it must be an object',
  ],
  [onRow('{ "predicates": [»"age > 1"] }'), '/x-plimsoll/predicates/0', 'it must be an object'],
  [onRow('{ "predicates": [{ "name": "a", »"sql": "" }] }'), '/x-plimsoll/predicates/0/sql', 'it must not be empty'],
  [
    onRow('{ "predicates": [{ "name": "a", "sql": "age > 1" }, { »"name": "a", "sql": "age > 2" }] }'),
    '/x-plimsoll/predicates/1/name',
    'another predicate has this name',
  ],
]
const mistakes = MISTAKES.map(([marked, pointer, message, hint = '']) => ({ marked, pointer, message, hint }))

test.each(mistakes)('$pointer: $message', ({ marked, pointer, message, hint }) => {
  const { error, place } = mistakeOf(marked)
  expect(error.message.startsWith(`${place}: "`), `${error.message} should be at ${place}`).toBe(true)
  expect(error.message).toContain(` at ${pointer}: `)
  expect(error.message).toContain(message)
  expect(error.location).toMatchObject({ file: 'schema.json' })
  expect(error.hint ?? '').toContain(hint)
  expect(error.code).toBe(/not known|no keyword/.test(message) ? 'E_SCHEMA_KEYWORD' : 'E_VALUE')
})
