import { expect, test } from 'vitest'
import { scanBytes } from '../../scan.ts'

async function rules(template: string): Promise<string[]> {
  const { verdict, findings } = await scanBytes(Buffer.from(template), 'chat_template.jinja')
  return [verdict, ...new Set(findings.map(({ rule }) => rule ?? ''))]
}

test.each([
  `{{ ''.__class__.__mro__[1].__subclasses__() }}`,
  `{{ cycler.__init__.__globals__.os.popen('true').read() }}`,
  `{{ ()['__cla' + 'ss__'] }}`,
  `{{ x|attr('__cl' ~ 'ass__') }}`,
  String.raw`{{ x['\x5f\x5fclass\x5f\x5f'] }}`,
  String.raw`{{ x|attr("\u005f\u005fclass\u005f\u005f") }}`,
  `{{ x|attr('%c%cclass%c%c'|format(95, 95, 95, 95)) }}`,
  `{{ x|attr(['_', '_', 'class', '_', '_']|join) }}`,
  `{{ x['__ssalc__'[::-1]] }}`,
  `{% set a = '__cla' %}{% set b = a ~ 'ss__' %}{{ x[b] }}`,
  `{% set a = '__cla' %}{% set b = a ~ 'ss__' %}{{ x[b] }}{% set a = '' %}`,
  `{{ [x]|map(attribute='__class__')|list }}`,
  `{% macro m() %}{{ x.__globals__ }}{% endmacro %}`,
  `{% include '/etc/hostname' %}`,
  `{% from 'x' import y %}`,
  `{% if x.f_globals %}{% endif %}`,
  `{{ x.system('true') }}`,
])('%s reaches out of the template', async (template) => {
  expect((await rules(template)).slice(0, 2)).toEqual(['fail', 'template.internals'])
})

test.each([`{{ x|attr(request.args.a) }}`, `{{ lipsum.x }}`, `{{ self.x }}`, `{{ x[y|reverse] }}`])(
  '%s is unusual',
  async (template) => {
    expect((await rules(template)).slice(0, 2)).toEqual(['fail', 'template.unusual'])
  },
)

test.each([
  `{%- if messages[0]['role'] == 'system' %}{% set system = messages[0].content %}{% set messages = messages[1:] %}{% endif %}{{ bos_token }}`,
  `{% for m in messages %}{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate') }}{% endif %}{% endfor %}`,
  `{{ strftime_now('%d %B %Y') }}{{ tools | tojson(indent=4) }}{% macro show(t) %}{{ t.function.name }}{% endmacro %}{{ show(tools[0]) }}`,
  `{% set ns = namespace(found=false) %}{% for m in messages[::-1] %}{% if m.content is string and '__end__' in m.content %}{% set ns.found = true %}{% endif %}{% endfor %}`.replace(
    "'__end__'",
    "'</think>'",
  ),
  `{{ message.content.split('</think>')[-1].lstrip('\\n') }}{{ messages | selectattr('role', 'equalto', 'user') | list | length }}`,
  `{% for k, v in d.items() %}{{ d[k] }}{{ d['a' ~ k] }}{% endfor %}{%- generation -%}{{ x }}{%- endgeneration -%}`,
])('what chats need passes: %s', async (template) => {
  expect(await rules(template)).toEqual(['pass'])
})

test('a template that cannot be parsed is not examined, and its names are looked for all the same', async () => {
  expect(await rules('{% for x in %}')).toEqual(['error', 'template.unread'])
  expect(await rules('{% for x in %}{{ x.__class__ }}')).toEqual(['fail', 'template.internals', 'template.unread'])
  expect(await rules(`{{ ${'('.repeat(50_000)} }}`)).toEqual(['error', 'template.unread'])
})

test('texts that double with every variable take no time', async () => {
  const doubled = Array.from({ length: 400 }, (_, i) => `{% set a${i} = a${Math.max(0, i - 1)} ~ a${Math.max(0, i - 1)} %}`)
  expect((await rules(`{% set a0 = 'x' %}${doubled.join('')}{{ y[a399] }}`))[0]).toBe('pass')
})
