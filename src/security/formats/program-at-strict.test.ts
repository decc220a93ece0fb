import { expect, test } from 'vitest'
import { message } from '../../../test/fixtures/protobuf-writer.ts'
import { zip } from '../../../test/fixtures/zip-builder.ts'
import { scanBytes } from '../scan.ts'

const graph = message([1, message([1, 'c'], [2, 'NoOp'])], [2, message()])
const keras = (layer: object) => Buffer.from(JSON.stringify({ class_name: 'Sequential', config: { layers: [layer] } }))

test.each<[name: string, bytes: Uint8Array, isProgram: boolean]>([
  ['saved_model.pb', message([1, 1], [2, message([1, message([4, 'serve'])], [2, graph])]), true],
  ['graph.pbtxt', Buffer.from('node { name: "c" op: "NoOp" }'), true],
  ['script.pt', zip([{ name: 'm/code/__torch__.py', content: Buffer.from('def forward(self):\n  return self\n') }]), true],
  ['model.json', keras({ class_name: 'Mine', config: {} }), true],
  ['model.json', keras({ class_name: 'Dense', config: {} }), false],
  ['config.json', Buffer.from('{"architectures": ["BertModel"]}'), false],
])('at strict, %s is refused only if it is a program (%#)', async (name, bytes, isProgram) => {
  const rules = async (level: 'strict' | 'framework') =>
    (await scanBytes(bytes, name, { level })).findings
      .map(({ rule }) => rule)
      .filter((rule) => rule === 'format.program-at-strict')
  expect(await rules('strict')).toEqual(isProgram ? ['format.program-at-strict'] : [])
  expect(await rules('framework')).toEqual([])
})
