import { expect, test } from 'vitest'
import { UserError } from '../../core/errors.ts'
import { readAllowances } from './allowances.ts'
import { judgeBeside, neighbourModule } from './neighbours.ts'
import { judge, policyWith } from './policy.ts'

const NOW = new Date('2026-06-15T12:00:00Z')
const scaler = { name: 'mypackage.transformers.Scaler', reason: 'our own scaler' }

test('an allowed name is allowed exactly, and says why', () => {
  const own = policyWith([scaler], NOW)
  expect(own('mypackage.transformers', 'Scaler')).toMatchObject({
    level: 'allowed',
    reason: expect.stringContaining('our own scaler'),
  })
  expect(own('mypackage.transformers', 'Other').level).toBe('suspicious')
  expect(own('mypackage.transformers', 'Scaler.fit').level).toBe('suspicious')
  expect(judge('mypackage.transformers', 'Scaler').level).toBe('suspicious')
})

test.each([
  ['2026-06-15', 'allowed'],
  ['2026-06-14', 'suspicious'],
  ['2026-06-15T11:59:59Z', 'suspicious'],
])('with an expiry of %s it is %s', (expires, level) => {
  const { level: found, reason } = policyWith([{ ...scaler, expires }], NOW)('mypackage.transformers', 'Scaler')
  expect(found).toBe(level)
  expect(reason).toContain(level === 'suspicious' ? expires : 'our own scaler')
})

test.each(['os.system', 'builtins.eval', 'torch.serialization.os.system', 'numpy.load', '__builtin__.exec', 'posix.system'])(
  '%s cannot be allowed',
  (name) => {
    expect(() => policyWith([{ name, reason: 'please' }], NOW)).toThrow(UserError)
    expect(() => policyWith([{ name, reason: 'please' }], NOW)).toThrow(/cannot be allowed: it \w+/)
  },
)

test('an allowance does not loosen the list', () => {
  const own = policyWith([{ name: 'numpy.core.multiarray._reconstruct', reason: 'any' }], NOW)
  expect(own('numpy.core.multiarray', '_reconstruct').condition).toBeDefined()
})

test('allowances are read from YAML and JSON', () => {
  const text = 'allow:\n  - name: mypackage.transformers.Scaler\n    reason: our own scaler\n    expires: 2027-01-01\n'
  expect(readAllowances(text, 'allow.yaml')).toEqual([{ ...scaler, expires: '2027-01-01' }])
  expect(readAllowances(JSON.stringify({ allow: [scaler] }), 'allow.json')).toEqual([scaler])
})

test.each([
  ['allow:\n  - name: Scaler\n    reason: ours\n', 2, 11],
  ['allow:\n  - name: a.b\n    reason: ours\n    expires: soon\n', 4, 14],
  ['allow:\n  - name: a.b\n', 2, 5],
  ['allow:\n  - name: a.b\n    reason: x\n    why: x\n', 2, 5],
  ['allow: [\n', 2, 1],
  ['[]', 1, 1],
])('a mistake in %j is shown at %i:%i', (text, line, column) => {
  let thrown: unknown
  try {
    readAllowances(text, 'allow.yaml')
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(UserError)
  expect((thrown as UserError).location).toEqual({ file: 'allow.yaml', line, column })
})

test.each([
  ['mymodule', ['mymodule.py'], 'mymodule.py'],
  ['mymodule.inner', ['mymodule/__init__.py'], 'mymodule/__init__.py'],
  ['mymodule.inner', ['code/mymodule/inner.py'], 'code/mymodule/inner.py'],
  ['fast', ['fast.cpython-311-x86_64-linux-gnu.so'], 'fast.cpython-311-x86_64-linux-gnu.so'],
  ['mymodule', ['other.py', 'model.pkl'], undefined],
  ['builtins', ['builtins.py'], undefined],
])('an import of %s beside %j runs %s', (module, neighbours, file) => {
  expect(neighbourModule(module, new Set(neighbours))).toBe(file)
})

test('code beside the model is critical, whatever name it has, unless the project allows the name', () => {
  const neighbours = new Set(['mymodule.py', 'numpy.py', 'mypackage/__init__.py'])
  const own = judgeBeside(policyWith([scaler], NOW), neighbours, judge)
  expect(own('mymodule', 'Model')).toMatchObject({ level: 'critical', reason: expect.stringContaining('mymodule.py') })
  expect(own('numpy', 'dtype').level).toBe('critical')
  expect(own('collections', 'OrderedDict').level).toBe('allowed')
  expect(own('mypackage.transformers', 'Scaler').level).toBe('allowed')
})
