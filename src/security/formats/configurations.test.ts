import { expect, test } from 'vitest'
import { scanBytes } from '../scan.ts'

test.each<[name: string, content: unknown, found: string[]]>([
  ['config.json', { auto_map: { AutoModel: 'modeling.Model' } }, ['fail', 'folder.remote-code']],
  ['config.json', { architectures: ['BertModel'], auto_map: {} }, ['pass']],
  ['config.json', { custom_pipelines: { x: { impl: 'pipeline.X' } } }, ['fail', 'folder.remote-code']],
  ['config.json', { trust_remote_code: true }, ['fail', 'folder.remote-code']],
  ['modules.json', [{ idx: 0, name: '0', path: '', type: 'sentence_transformers.models.Transformer' }], ['pass']],
  ['modules.json', [{ idx: 0, name: '0', path: '', type: 'evil.Module' }], ['fail', 'folder.remote-code']],
  ['model.safetensors.index.json', { weight_map: { a: '../../x' } }, ['fail', 'folder.outside-path']],
  ['model.safetensors.index.json', { weight_map: { a: '/etc/hostname' } }, ['fail', 'folder.outside-path']],
  ['model.safetensors.index.json', { weight_map: { a: 'model-00001-of-00002.safetensors' } }, ['pass']],
  ['tokenizer_config.json', { chat_template: '{{ x.__class__ }}' }, ['fail', 'template.internals']],
  ['tokenizer_config.json', { chat_template: [{ name: 'a', template: "{{ x['__class__'] }}" }] }, ['fail', 'template.internals']],
  ['tokenizer_config.json', { chat_template: '{% for m in messages %}{{ m.role }}{% endfor %}' }, ['pass']],
  ['model.json', { modelTopology: {}, weightsManifest: [{ paths: ['../../a.bin'] }] }, ['fail', 'folder.outside-path']],
  ['model.json', { modelTopology: { node: [{ name: 'x', op: 'ReadFile' }] } }, ['fail', 'tensorflow.dangerous-operator']],
  ['MANIFEST.json', { model: { modelName: 'm', handler: 'image_classifier' } }, ['pass']],
  ['MANIFEST.json', { model: { modelName: 'm', handler: 'mine.py:handle' } }, ['fail', 'folder.remote-code']],
  ['MANIFEST.json', { model: { modelName: 'm', handler: '../../mine.py' } }, ['fail', 'folder.outside-path']],
  ['hydra.json', { _target_: 'os.system' }, ['fail', 'folder.dangerous-name']],
  ['hydra.yaml', '_target_: os.system\n', ['fail', 'folder.dangerous-name']],
  ['hydra.yaml', '_target_: torch.nn.Linear\nsizes: [1, 2]\n', ['pass']],
  ['model.yaml', 'a: !!python/object/apply:os.system ["true"]\n', ['fail', 'yaml.python-object']],
  ['notes.txt', 'a: !!python/object/apply:os.system ["true"]\n', ['fail', 'yaml.python-object']],
  ['model.yaml', 'a: !!python/tuple [1]\n', ['pass']],
  ['model.yaml', 'a: [\n', ['error', 'yaml.broken']],
  ['MLmodel', 'flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n    model_path: model.pkl\n', ['pass']],
  ['MLmodel', 'flavors:\n  python_function:\n    loader_module: mlflow.catboost\n', ['pass']],
  ['MLmodel', 'flavors:\n  python_function:\n    loader_module: mlflow.projects\n', ['fail', 'folder.dangerous-name']],
  ['MLmodel', 'flavors:\n  python_function:\n    loader_module: mine\n', ['fail', 'folder.remote-code']],
  ['MLmodel', 'flavors:\n  python_function:\n    loader_module: os\n', ['fail', 'folder.dangerous-name']],
  ['MLmodel', 'flavors:\n  sklearn:\n    pickled_model: ../../x.pkl\n', ['fail', 'folder.outside-path']],
  [
    'm.pmml',
    '<?xml version="1.0"?><!DOCTYPE PMML [<!ENTITY x SYSTEM "file:///etc/hostname">]><PMML>&x;</PMML>',
    ['fail', 'xml.entity'],
  ],
  ['m.pmml', '<!DOCTYPE PMML SYSTEM "http://x.example/a.dtd"><PMML/>', ['fail', 'xml.entity']],
  [
    'm.pmml',
    '<PMML xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/hostname"/></PMML>',
    ['fail', 'xml.entity'],
  ],
  ['m.pmml', '<?xml version="1.0"?><!-- <!ENTITY --><PMML version="4.4"><Header/></PMML>', ['pass']],
  [
    'schema.json',
    { __class__: 'system', __module__: 'os', __loader__: 'FunctionNode', content: 'x' },
    ['fail', 'skops.dangerous-name'],
  ],
  [
    'schema.json',
    { __class__: 'function', __module__: 'builtins', __loader__: 'FunctionNode', content: 'os.system' },
    ['fail', 'skops.dangerous-name'],
  ],
  [
    'schema.json',
    { __class__: 'methodcaller', __module__: 'operator', __loader__: 'OperatorFuncNode' },
    ['fail', 'skops.dangerous-name'],
  ],
  ['schema.json', { __class__: 'Model', __module__: 'mine', __loader__: 'ObjectNode' }, ['fail', 'skops.unknown-name']],
  [
    'schema.json',
    {
      __class__: 'Ridge',
      __module__: 'sklearn.linear_model._ridge',
      __loader__: 'ObjectNode',
      content: { __class__: 'dict', __module__: 'builtins', __loader__: 'DictNode' },
    },
    ['pass'],
  ],
  ['lines.json', '{"a": 1}\n{"a": 2}\n', ['pass']],
  ['cut.json', '{"a": 1', ['error', 'json.broken']],
])('%s: %j', async (name, content, found) => {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  const { verdict, findings } = await scanBytes(Buffer.from(text), name)
  expect([verdict, ...new Set(findings.map(({ rule }) => rule ?? ''))]).toEqual(found)
})
