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
  const critical = new Set(CRITICAL.flatMap(({ names }) => names ?? []))
  const both = ALLOWED.flatMap(({ names }) => Object.entries(names))
    .flatMap(([module, names]) => names.map((name) => `${module} ${name}`))
    .filter((name) => critical.has(name))
  expect(both).toEqual([])
})

test('every condition belongs to a name that is allowed', () => {
  const orphans = ALLOWED.flatMap(({ names, conditions }) =>
    Object.keys(conditions ?? {}).filter((key) => {
      const [module, name] = key.split(' ') as [string, string]
      return !names[module]?.includes(name)
    }),
  )
  expect(orphans).toEqual([])
})
