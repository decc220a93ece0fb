import { expect, test } from 'vitest'
import * as p from '../../../test/fixtures/pickle-assembler.ts'
import { scanBytes } from '../scan.ts'

const TEMPLATE = `
def _parse_args(self, a, b,  loc=0, scale=1):
    return (a, b, ), loc, scale

def _parse_args_rvs(self, a, b,  loc=0, scale=1, size=None):
    return self._argcheck_rvs(a, b,  loc, scale, size=size)

def _parse_args_stats(self, a, b,  loc=0, scale=1, moments='mv'):
    return (a, b, ), loc, scale, moments
`
const norm = [...p.global('scipy.stats._continuous_distns', 'norm_gen'), ...p.EMPTY_TUPLE, ...p.NEWOBJ]
const data = [...p.global('statsmodels.base.data', 'PandasData'), ...p.EMPTY_TUPLE, ...p.NEWOBJ]
const state = (fields: Record<string, string>) =>
  p.dict(...Object.entries(fields).map(([key, value]): [p.Bytes, p.Bytes] => [p.text(key), p.text(value)]))
const verdictOf = async (object: p.Bytes, given: p.Bytes) =>
  (await scanBytes(p.pickle([...object, ...given, ...p.BUILD]), 'model.pkl')).verdict

test('a distribution with the text that SciPy writes passes', async () => {
  expect(await verdictOf(norm, state({ _parse_arg_template: TEMPLATE, name: 'norm' }))).toBe('pass')
  expect(
    await verdictOf(norm, state({ _parse_arg_template: TEMPLATE.replaceAll(' a, b,', '').replaceAll('(a, b, )', '()') })),
  ).toBe('pass')
})

test.each([
  ['other code', state({ _parse_arg_template: 'import os' })],
  ['code after it', state({ _parse_arg_template: `${TEMPLATE}import os\n` })],
  ['code in a default', state({ _parse_arg_template: TEMPLATE.replace('loc=0', 'loc=print(1)') })],
  ['pairs in a list', p.list(p.tuple(p.text('_parse_arg_template'), p.text('import os')))],
  ['a key that is computed', p.dict([p.call('builtins', 'str', p.text('_parse_arg_template')), p.text('import os')])],
  [
    'two values of the key',
    p.dict([p.text('_parse_arg_template'), p.text('import os')], [p.text('_parse_arg_template'), p.text(TEMPLATE)]),
  ],
  ['a value that is computed', p.dict([p.text('_parse_arg_template'), p.call('decimal', 'Decimal', p.text('1'))])],
])('a distribution whose state has %s is refused: SciPy runs it', async (_, given) => {
  expect(await verdictOf(norm, given)).toBe('fail')
})

test.each(['y ~ x + z', 'y ~ C(kind) + np.log(x) * z', 'y ~ x + I(x ** 2) - 1', 'y ~ 0.5 * x'])(
  'the formula %s passes',
  async (formula) => {
    expect(await verdictOf(data, state({ formula, restore_design_info: 'x' }))).toBe('pass')
  },
)

test.each([
  '__import__("os").system("true")',
  'y ~ eval(x)',
  'y ~ np.load(x)',
  'y ~ x.values',
  'y ~ C(x)(y)',
  'y ~ (exec)(x)',
  'y ~ np . load(x)',
])('the formula %s is refused: statsmodels evaluates it', async (formula) => {
  expect(await verdictOf(data, state({ formula, restore_design_info: 'x' }))).toBe('fail')
})
