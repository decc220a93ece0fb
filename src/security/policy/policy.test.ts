import { expect, test } from 'vitest'
import { ALLOWED } from './allow-list.ts'
import { CRITICAL } from './critical.ts'
import { judge } from './policy.ts'

test.each([
  ['os', 'system', 'critical'],
  ['posix', 'system', 'critical'],
  ['multiprocessing.util', 'spawnv_passfds', 'critical'],
  ['__builtin__', 'eval', 'critical'],
  ['urllib', 'urlopen', 'critical'],
  ['torch', 'serialization.os.system', 'critical'],
  ['collections', 'OrderedDict.fromkeys', 'suspicious'],
  ['sklearn.linear_model', 'LogisticRegression', 'suspicious'],
  ['sklearn.linear_model._logistic', 'LogisticRegression', 'allowed'],
  ['copy_reg', '_reconstructor', 'allowed'],
  ['numpy', 'dtype', 'allowed'],
  ['numpy', 'DTYPE', 'suspicious'],
  ['numpy ', 'dtype', 'suspicious'],
  ['', '', 'suspicious'],
  ['__proto__', 'constructor', 'suspicious'],
  ['toString', 'toString', 'suspicious'],
])('%s.%s is %s', (module, name, level) => {
  expect(judge(module, name).level).toBe(level)
})

test('no name is on both lists', () => {
  const critical = new Set(CRITICAL.flatMap(({ names }) => names))
  const both = ALLOWED.flatMap(({ groups }) => groups)
    .flatMap(({ names }) => Object.entries(names))
    .flatMap(([module, names]) => names.map((name) => `${module} ${name}`))
    .filter((name) => critical.has(name))
  expect(both).toEqual([])
})

test('no name is listed twice, with conditions that differ', () => {
  const seen = new Map<string, string>()
  const twice: string[] = []
  for (const { condition, names } of ALLOWED.flatMap(({ groups }) => groups)) {
    for (const [module, all] of Object.entries(names)) {
      for (const name of all) {
        const known = seen.get(`${module} ${name}`)
        if (known !== undefined && known !== condition) twice.push(`${module} ${name}`)
        seen.set(`${module} ${name}`, condition)
      }
    }
  }
  expect(twice).toEqual([])
})
