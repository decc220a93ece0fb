import { expect, test } from 'vitest'
import { parseDuckdbType } from './duckdb-type.ts'

test.each([
  ['INTEGER', { kind: 'scalar', name: 'INTEGER' }],
  ['DECIMAL(9,2)', { kind: 'scalar', name: 'DECIMAL(9,2)' }],
  ["ENUM('a]', 'b(')", { kind: 'scalar', name: "ENUM('a]', 'b(')" }],
  ['INTEGER[]', { kind: 'list', item: 'INTEGER' }],
  ['FLOAT[3][]', { kind: 'list', item: 'FLOAT[3]' }],
  ['STRUCT(a INTEGER)[]', { kind: 'list', item: 'STRUCT(a INTEGER)' }],
  ["MAP(VARCHAR, ENUM('a,(', 'it''s'))", { kind: 'map', key: 'VARCHAR', value: "ENUM('a,(', 'it''s')" }],
  [
    'STRUCT("a b" INTEGER, "c""d, (" STRUCT(e DECIMAL(9,2))[], f MAP(VARCHAR, TIMESTAMP WITH TIME ZONE))',
    {
      kind: 'struct',
      fields: [
        { name: 'a b', type: 'INTEGER' },
        { name: 'c"d, (', type: 'STRUCT(e DECIMAL(9,2))[]' },
        { name: 'f', type: 'MAP(VARCHAR, TIMESTAMP WITH TIME ZONE)' },
      ],
    },
  ],
])('%s', (type, parts) => {
  expect(parseDuckdbType(type)).toEqual(parts)
})
