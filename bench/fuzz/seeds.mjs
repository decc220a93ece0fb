// What the fuzzer begins with: a small file of every format that the scanner knows, written in code, and ways to wrap a file in another.
import { crc32, deflateRawSync, deflateSync, gzipSync, inflateSync } from 'node:zlib'
import { program, wildProgram } from './pickle-grammar.mjs'

const ascii = (text) => Buffer.from(text, 'latin1')
const base64 = (text) => Buffer.from(text, 'base64')
const pick = (random, list) => list[random.integer(list.length)]

/** A zip archive of `[name, content, deflate?]` members. */
export function zip(members) {
  const locals = []
  const centrals = []
  let offset = 0
  for (const [name, content, deflate = false] of members) {
    const data = deflate ? deflateRawSync(content) : Buffer.from(content)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(deflate ? 8 : 0, 4)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(data.length, 14)
    common.writeUInt32LE(content.length, 18)
    common.writeUInt16LE(Buffer.byteLength(name), 22)
    const central = Buffer.concat([ascii('PK\x01\x02'), Buffer.from([20, 0]), common, Buffer.alloc(14), Buffer.from(name)])
    central.writeUInt32LE(offset, 42)
    centrals.push(central)
    const local = Buffer.concat([ascii('PK\x03\x04'), common, Buffer.from(name), data])
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(members.length, 8)
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}

/** A tar archive of `[name, content]` members. */
export function tar(members) {
  const blocks = []
  for (const [name, content] of members) {
    const header = Buffer.alloc(512)
    header.write(name.slice(0, 99), 0)
    header.write('0000644\0', 100)
    header.write('0000000\0', 108)
    header.write('0000000\0', 116)
    header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124)
    header.write('00000000000\0', 136)
    header.write('        ', 148)
    header.write('0', 156)
    header.write('ustar\x0000', 257, 'latin1')
    const sum = header.reduce((total, byte) => total + byte, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    blocks.push(header, content, Buffer.alloc((512 - (content.length % 512)) % 512))
  }
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

/** A NumPy file with this header and data. */
export function npy(header, data) {
  const padded = header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11) + '\n'
  const length = Buffer.alloc(2)
  length.writeUInt16LE(padded.length)
  return Buffer.concat([Buffer.from([0x93]), ascii('NUMPY'), Buffer.from([1, 0]), length, ascii(padded), data])
}

export const npyOfObjects = (bytes) => npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", bytes)
export const torchZip = (bytes) =>
  zip([
    ['archive/data.pkl', bytes],
    ['archive/byteorder', ascii('little')],
    ['archive/data/0', Buffer.alloc(64)],
    ['archive/version', ascii('3\n')],
  ])

/** A pickle that gives another one to PyTorch's loader of bytes. */
export function nestedBytes(bytes) {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  return Buffer.concat([ascii('\x80\x04ctorch.storage\n_load_from_bytes\n(B'), length, bytes, ascii('tR.')])
}

/** A joblib file of an array of objects, which is a pickle of its own within the pickle. */
export const joblibObjects = (bytes) =>
  Buffer.concat([
    ascii('\x80\x02cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(U\x05dtypecnumpy\ndtype\n(U\x01OtRU\x05shape)ub'),
    bytes,
    ascii('.'),
  ])

/** Files around a pickle that loaders of pickles open; what is in the pickle is what the file does. */
export const WRAPS = {
  raw: (bytes) => bytes,
  zip: (bytes) => zip([['member.pkl', bytes, true]]),
  'torch zip': torchZip,
  tar: (bytes) => tar([['member.pkl', Buffer.from(bytes)]]),
  gzip: (bytes) => gzipSync(bytes),
  zlib: (bytes) => deflateSync(bytes),
  'npy of objects': npyOfObjects,
  'npz of objects': (bytes) => zip([['arr_0.npy', npyOfObjects(bytes)]]),
  'nested bytes': nestedBytes,
  'joblib objects': joblibObjects,
}

function safetensors(header, data) {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(header)))
  return Buffer.concat([length, Buffer.from(header), data])
}

function gguf() {
  const text = (value) => {
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(value.length))
    return Buffer.concat([length, ascii(value)])
  }
  const u32 = (value) => Buffer.from(Uint32Array.of(value).buffer)
  const u64 = (value) => Buffer.from(BigUint64Array.of(BigInt(value)).buffer)
  const head = Buffer.concat([
    ascii('GGUF'),
    u32(3),
    u64(1),
    u64(3),
    text('general.architecture'),
    u32(8),
    text('llama'),
    text('tokenizer.chat_template'),
    u32(8),
    text("{% for m in messages %}{{ m['content'] }}{% endfor %}"),
    text('a.list'),
    u32(9),
    u32(4),
    u64(3),
    u32(1),
    u32(2),
    u32(3),
    text('w'),
    u32(1),
    u64(8),
    u32(0),
    u64(0),
  ])
  return Buffer.concat([head, Buffer.alloc((32 - (head.length % 32)) % 32), Buffer.alloc(32)])
}

/** Field number and bytes of a protocol buffer. */
const field = (number, content) => Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), content])
const varint = (number, value) => Buffer.from([number << 3, value])

function onnx() {
  const node = Buffer.concat([field(1, ascii('x')), field(2, ascii('y')), field(4, ascii('Relu'))])
  const external = Buffer.concat([field(1, ascii('location')), field(2, ascii('weights.bin'))])
  const tensor = Buffer.concat([varint(1, 2), varint(2, 1), field(8, ascii('w')), field(13, external), varint(14, 1)])
  const graph = Buffer.concat([field(1, node), field(2, ascii('graph')), field(5, tensor)])
  return Buffer.concat([
    varint(1, 8),
    field(2, ascii('test')),
    field(7, graph),
    field(8, Buffer.concat([field(1, Buffer.alloc(0)), varint(2, 17)])),
  ])
}

function savedModel() {
  const op = (name) => field(1, Buffer.concat([field(1, ascii(name.toLowerCase())), field(2, ascii(name))]))
  const graph = field(2, Buffer.concat([op('Const'), op('ReadFile'), op('MatMul')]))
  return Buffer.concat([varint(1, 1), field(2, graph)])
}

const KERAS_CONFIG = JSON.stringify({
  module: 'keras',
  class_name: 'Sequential',
  config: { name: 's', layers: [{ module: 'keras.layers', class_name: 'Dense', config: { units: 2, activation: 'relu' } }] },
  compile_config: { optimizer: 'adam', loss: 'mse' },
})
const HDF5 =
  'eNrr9HBx4+WS4mIAAQ4OBhYGAQZk8B8KXoii8mHyCVCaEUp3QOkVTDBxZrCcBFRcAGq+AjOEnwEVDwlydQWp/o8GYPYsEIHQHAyjYCQCD1fHABAdAU9HEHCCCVVdBVp69KDQXkGoTejpmgdqMiMDL4MIMFXm5qek5sQn5+elZaaDxCUZGcE6BeBu4UBxlzTITGaEW92d/X0YkTyGrA4EqpWScxKLi+PzEnNTlayUglMLS1PzSjITc5RqUdx7gH80rYyCUTAKRsEoGAWjYBSMglEwCkbBKBgFgxUwMrBC+vyMMD5kxIyRkRFlPABGMwPlQWxBBXvoyIIDgwk3g8l/6JgCK1AUJM/ExMQIGX2AmMfMOAPHSFrHIAyVD/bBfv4ujECfwFzbITyaVsgBAL/wRIw='

/** Files of formats that are not made of a pickle, by name. */
const FIXED = {
  'a.safetensors': safetensors(
    '{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"__metadata__":{"format":"pt"}}',
    Buffer.alloc(8),
  ),
  'a.gguf': gguf(),
  'a.onnx': onnx(),
  'saved_model.pb': savedModel(),
  'a.keras': zip([
    ['metadata.json', ascii('{"keras_version":"3.5.0"}')],
    ['config.json', ascii(KERAS_CONFIG)],
    ['model.weights.h5', base64('iUhERg0KGgo=')],
  ]),
  'a.h5': inflateSync(base64(HDF5)),
  'config.json': ascii('{"auto_map":{"AutoModel":"modeling.Model"},"architectures":["X"],"_name_or_path":"../x"}'),
  'model.safetensors.index.json': ascii('{"metadata":{"total_size":8},"weight_map":{"w":"../../etc/passwd"}}'),
  'tokenizer_config.json': ascii('{"chat_template":"{{ messages[0].content }}"}'),
  'a.skops': zip([
    ['schema.json', ascii('{"__class__":"dict","__module__":"builtins","__loader__":"DictNode","content":{},"protocol":2}')],
  ]),
  'a.npz': zip([['arr_0.npy', npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }", Buffer.alloc(48))]]),
  'a.npy': npy("{'descr': [('a', '<f4'), ('b', '<i8', (2,))], 'fortran_order': False, 'shape': (2,), }", Buffer.alloc(40)),
  'code.pt': zip([
    ['m/code/__torch__.py', ascii('class M(Module):\n  def forward(self, x):\n    return torch.relu(x)\n')],
    ['m/data.pkl', ascii('\x80\x02c__torch__\nM\n)\x81}b.')],
    ['m/version', ascii('3')],
  ]),
  'a.bz2': base64('QlpoOTFBWSZTWSWMRJkAAAzXwHgAAEEACABCIgAoAkAAIAAxTAABT1NNHpDygHQTFgxpUYOBTSe38XckU4UJAljESZA='),
  'a.xz': base64('/Td6WFoAAAFpIt42AgAhARYAAAB0L+WjAQAZgAJ9cQBYAQAAAGFxAV1xAihLAUsCSwNlcy4AAABfkXfiAAEuGn1F49aQQpkNAQAAAAABWVo='),
  'a.lzma': base64('XQAAgAD//////////wBAAIsp14FiTVg/mvi3MO/sU1papfSvKT35coqAIYq///c7AAA='),
  'a.7z': Buffer.concat([ascii("7z\xbc\xaf'\x1c\0\x04"), Buffer.alloc(40)]),
  'a.zst': base64('KLUv/QRY0QAAgAJ9cQBYAQAAAGFxAV1xAihLAUsCSwNlcy4x1ENJ'),
  'a.lz4': base64('BCJNGGRApxoAAICAAn1xAFgBAAAAYXEBXXECKEsBSwJLA2VzLgAAAAAQluM+'),
  'a.rar': ascii('Rar!\x1a\x07\x01\0junk'),
  'a.ubj': ascii('{i\x07learnerSi\x01xi\x04listSi\x02ab}'),
  'xgb.json': ascii('{"learner":{"attributes":{},"feature_names":[],"gradient_booster":{"name":"gbtree"}},"version":[2,0,0]}'),
  'lgb.txt': ascii(
    'tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\n\nTree=0\nnum_leaves=2\n\nend of trees\n',
  ),
  'a.pmml': ascii('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "v">]><PMML version="4.4"><Header>&e;</Header></PMML>'),
  'a.ipynb': ascii('{"cells":[{"cell_type":"code","source":["!curl x"],"outputs":[]}],"nbformat":4,"metadata":{}}'),
  MLmodel: ascii('flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n    python_version: 3.11\n'),
  'requirements.txt': ascii('numpy==1.26\n--extra-index-url http://x\n'),
  'train.py': ascii('import os\nos.system("true")\n'),
  'a.tflite': Buffer.concat([Buffer.from([28, 0, 0, 0]), ascii('TFL3'), Buffer.alloc(60)]),
  'a.bin': Buffer.from('ZF0x0000000000000000010x', 'latin1'),
}

/** Formats that are opened by a program of their own, which takes a while to start: they come up seldom. */
const SLOW = Object.entries(FIXED).filter(([name]) => /\.(7z|lzma|rar|xz)$/.test(name))
const FAST = Object.entries(FIXED).filter(([name]) => !/\.(7z|lzma|rar|xz)$/.test(name))

const NAMES = ['model.pkl', 'model', 'model.pt', 'model.joblib', 'model.bin', 'a.npy', 'model.onnx', 'x.json']

/** A file to begin with: a pickle in some wrapping half of the time, or a file of another format. */
export function seed(random) {
  if (random.integer(100) < 60) {
    let bytes = random.integer(100) < 60 ? wildProgram(random) : program(random)
    let kind = 'pickle'
    for (let layers = random.integer(3); layers > 0; layers--) {
      const [name, wrap] = pick(random, Object.entries(WRAPS))
      bytes = wrap(bytes)
      kind = `${name} of ${kind}`
    }
    return { bytes: Uint8Array.from(bytes), name: pick(random, NAMES), kind }
  }
  const [name, bytes] = pick(random, random.integer(100) === 0 ? SLOW : FAST)
  return { bytes: Uint8Array.from(bytes), name: random.integer(100) < 80 ? name : pick(random, NAMES), kind: name }
}
