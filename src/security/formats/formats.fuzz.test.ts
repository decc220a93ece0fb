import { readFileSync } from 'node:fs'
import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { message } from '../../../test/fixtures/protobuf-writer.ts'
import { seededRandom } from '../../stats/random.ts'
import { scanBytes } from '../scan.ts'

const HDF5 = JSON.parse(readFileSync(new URL('../../../test/golden/hdf5-samples.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>
const text = (value: string) => Buffer.concat([u64(value.length), Buffer.from(value)])
const u32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer)
const u64 = (value: number) => Buffer.from(BigUint64Array.of(BigInt(value)).buffer)
const TEMPLATE =
  "{% for m in messages %}{{ '<|im_start|>' ~ m['role'] ~ m.content|trim }}{% if loop.last %}x{% endif %}{% endfor %}"
const HEADER = '{"__metadata__":{"a":"b"},"w":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}'
const ONNX_NODE = message([1, 'x'], [2, 'y'], [4, 'Constant'], [5, message([1, 'value'], [5, message([1, 1], [2, 1], [8, 'w'])])])
const TF_NODE = message([1, 'c'], [2, 'Const'], [5, message([1, 'value'], [2, message([8, message([1, 7], [8, 'x'])])])])
const TF_GRAPH = message([1, TF_NODE], [2, message([1, message([1, message([1, 'f'])], [3, TF_NODE])])])

const SAMPLES: Readonly<Record<string, Uint8Array>> = {
  'model.h5': inflateSync(Buffer.from(HDF5['fixed_length latest']!, 'base64')),
  'old.h5': inflateSync(Buffer.from(HDF5['fixed_length earliest']!, 'base64')),
  'model.gguf': Buffer.concat([
    Buffer.from('GGUF'), u32(3), u64(1), u64(2), text('tokenizer.chat_template'), u32(8), text(TEMPLATE),
    text('list'), u32(9), u32(8), u64(2), text('a'), text('b'), text('w'), u32(1), u64(4), u32(0), u64(0), Buffer.alloc(64),
  ]), // prettier-ignore
  'model.onnx': message(
    [1, 8],
    [7, message([1, ONNX_NODE], [2, 'g'], [11, message([1, 'x'])], [12, message([1, 'y'])])],
    [8, message([2, 17])],
  ),
  'saved_model.pb': message([1, 1], [2, message([1, message([4, 'serve'])], [2, TF_GRAPH])]),
  'model.safetensors': Buffer.concat([u64(HEADER.length), Buffer.from(HEADER), Buffer.alloc(16)]),
  'config.json': Buffer.from(
    JSON.stringify({
      auto_map: { A: ['a.B', null] },
      chat_template: TEMPLATE,
      layers: [{ class_name: 'Dense', config: { units: 3 } }],
    }),
  ),
  'model.pmml': Buffer.from(
    '<?xml version="1.0"?><!DOCTYPE PMML [<!ENTITY x "y">]><PMML version="4.4"><Header a="&x;"/><!-- c --></PMML>',
  ),
  'chat.jinja': Buffer.from(TEMPLATE),
}
const ROUNDS = 3000

test.each(Object.entries(SAMPLES))(
  '%s, cut short and with bits that are flipped, fails no scanner',
  { timeout: 120_000 },
  async (name, sample) => {
    expect((await scanBytes(sample, name)).findings.filter(({ rule }) => rule?.startsWith('format.'))).toEqual([])
    const random = seededRandom(20_261_126)
    const crashes: unknown[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const bytes = Uint8Array.from(round % 3 === 0 ? sample.subarray(0, random.integer(sample.length)) : sample)
      const flips = round % 3 === 0 ? 0 : 1 + random.integer(4)
      for (let flip = 0; flip < flips; flip++) {
        const at = random.integer(bytes.length)
        bytes[at] = bytes[at]! ^ (1 << random.integer(8))
      }
      const { findings } = await scanBytes(bytes, name)
      if (findings.some(({ rule }) => rule === 'scan.crashed'))
        crashes.push({ round, message: findings.map((found) => found.message) })
    }
    expect(crashes).toEqual([])
  },
)
