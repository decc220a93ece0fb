// The files of the benchmark, made without Python. Bytes of tensors are holes in the file: they are read and hashed as zeros.
import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const MiB = 2 ** 20

const text = (value) => {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([0x58]), u32(bytes.length), bytes])
}
const u16 = (value) => Buffer.from(Uint16Array.of(value).buffer)
const u32 = (value) => Buffer.from(Uint32Array.of(value).buffer)
const u64 = (value) => Buffer.from(BigUint64Array.of(BigInt(value)).buffer)
const int = (value) => Buffer.concat([Buffer.from('J'), u32(value)])
const raw = (value) => Buffer.from(value, 'latin1')

/** A file of pieces: bytes, or a number of bytes to leave out. */
function writePieces(path, pieces) {
  const file = openSync(path, 'w')
  let at = 0
  for (const piece of pieces) {
    if (typeof piece === 'number') at += piece
    else at += writeSync(file, piece, 0, piece.length, at)
  }
  ftruncateSync(file, at)
  closeSync(file)
  return path
}

/** The pickle of a state dict whose tensors have `numbers` 32-bit floats each. */
function stateDict(tensors, numbers) {
  const items = Array.from({ length: tensors }, (_, i) => [
    text(`layers.${i}.weight`),
    raw('ctorch._utils\n_rebuild_tensor_v2\n(('),
    text('storage'),
    raw('ctorch\nFloatStorage\n'),
    text(String(i)),
    text('cpu'),
    int(numbers),
    raw('tQK\0'),
    int(numbers),
    raw('\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtR'),
  ])
  return Buffer.concat([raw('\x80\x02ccollections\nOrderedDict\n)R('), ...items.flat(), raw('u.')])
}

/** As `torch.save` writes it: stored members at multiples of 64 bytes, with data descriptors. */
export function torchZip(folder, tensors, bytesEach) {
  const pieces = []
  const directory = []
  let at = 0
  const add = (piece) => {
    pieces.push(piece)
    at += typeof piece === 'number' ? piece : piece.length
  }
  const member = (name, content) => {
    const size = typeof content === 'number' ? content : content.length
    const offset = at
    const padding = (64 - ((at + 30 + name.length + 4) % 64)) % 64
    const extra = Buffer.concat([raw('FB'), u16(padding), Buffer.alloc(padding, 'Z')])
    const common = [u16(0x0808), u16(0), u32(0)]
    add(
      Buffer.concat([
        raw('PK\x03\x04'),
        u16(0),
        ...common,
        u32(0),
        u32(0),
        u32(0),
        u16(name.length),
        u16(extra.length),
        raw(name),
        extra,
      ]),
    )
    add(content)
    // The checksums of holes are not computed: nobody compares those of tensors.
    const crc = typeof content === 'number' ? 0 : crcOf(content)
    add(Buffer.concat([raw('PK\x07\x08'), u32(crc), u32(size), u32(size)]))
    directory.push(
      Buffer.concat([
        raw('PK\x01\x02'), u16(0), u16(0), ...common, u32(crc), u32(size), u32(size), u16(name.length), Buffer.alloc(12), u32(offset), raw(name),
      ]),
    ) // prettier-ignore
  }
  member('archive/data.pkl', stateDict(tensors, bytesEach / 4))
  member('archive/byteorder', raw('little'))
  for (let i = 0; i < tensors; i++) member(`archive/data/${i}`, bytesEach)
  member('archive/version', raw('3\n'))
  const start = at
  const table = Buffer.concat(directory)
  add(table)
  add(
    Buffer.concat([
      raw('PK\x05\x06'),
      u32(0),
      u16(directory.length),
      u16(directory.length),
      u32(table.length),
      u32(start),
      u16(0),
    ]),
  )
  return writePieces(join(folder, 'torch.pt'), pieces)
}

function crcOf(bytes) {
  let crc = -1
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1))
  }
  return ~crc >>> 0
}

/** As PyTorch before 1.6 wrote it: five pickles, then each storage behind its length. */
export function torchLegacy(folder, tensors, bytesEach) {
  const numbers = bytesEach / 4
  const body = stateDict(tensors, numbers).toString('latin1').replaceAll('tQ', 'NtQ')
  const keys = Array.from({ length: tensors }, (_, i) => text(String(i)))
  return writePieces(join(folder, 'legacy.pt'), [
    raw('\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}.'),
    raw(body),
    Buffer.concat([raw('\x80\x02]('), ...keys, raw('e.')]),
    ...Array.from({ length: tensors }, () => [u64(numbers), bytesEach]).flat(),
  ])
}

const DTYPE = 'cnumpy\ndtype\n(X\x02\0\0\0f8\x89\x88tR(K\x03X\x01\0\0\0<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb'

/** `pickle.dump({'weights': array}, protocol=4)`. */
export function numpyPickle(folder, bytes) {
  return writePieces(join(folder, 'numpy.pkl'), [
    raw('\x80\x04}X\x07\0\0\0weightscnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\0tC\x01btR(K\x01('),
    int(bytes / 8),
    raw(`t${DTYPE}\x89\x8e`),
    u64(bytes),
    bytes,
    raw('tbs.'),
  ])
}

/** `joblib.dump(array)`: the array behind a wrapper, in the midst of the pickle. */
export function joblib(folder, bytes) {
  const wrapper = [
    raw('\x80\x03cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}('),
    text('subclass'), raw('cnumpy\nndarray\n'),
    text('shape'), int(bytes / 8), raw('\x85'),
    text('order'), text('C'),
    text('dtype'), raw(DTYPE),
    text('allow_mmap'), raw('\x88'),
    text('numpy_array_alignment_bytes'), raw('K\x10ub'),
  ] // prettier-ignore
  return writePieces(join(folder, 'array.joblib'), [...wrapper, Buffer.from([4, 255, 255, 255, 255]), bytes, raw('.')])
}

/** A list of small dictionaries: hardly anything but opcodes, 3.6 bytes each. */
export function dense(folder, bytes) {
  const item = raw('}\x94(\x8c\x01a\x94K\x05\x8c\x01b\x94M\x10\x27\x8c\x01c\x94\x88\x8c\x01d\x94]\x94(K\x01K\x02K\x03eu')
  const times = Math.floor(bytes / item.length)
  const block = Buffer.concat(Array.from({ length: 1000 }, () => item))
  const pieces = [raw('\x80\x04](')]
  for (let i = 0; i < times; i += 1000) pieces.push(block)
  return writePieces(join(folder, 'dense.pkl'), [...pieces, raw('e.')])
}

export function smallFiles(folder, count) {
  const top = join(folder, 'small')
  for (let i = 0; i < count; i++) {
    const below = join(top, String(i % 100))
    if (i < 100) mkdirSync(below, { recursive: true })
    const content = i % 2 === 0 ? raw('\x80\x04}X\x01\0\0\0aK\x01s.') : Buffer.from(`{"layer": ${i}}\n`)
    writeFileSync(join(below, `${i}.${i % 2 === 0 ? 'pkl' : 'json'}`), content)
  }
  return top
}

export const SIZES = { gibibyte: 1024 * MiB, half: 512 * MiB }
