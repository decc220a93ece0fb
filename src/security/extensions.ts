import type { Format } from './format.ts'
import { isText } from './formats/plain-text.ts'
import type { ByteSource } from './source.ts'

/** What loaders of pickles open: bare, in an archive, or compressed. */
const PICKLED: readonly string[] = [
  'pickle', 'zip', 'tar', 'npy', 'gzip', 'zlib', 'bzip2', 'xz', 'lzma', 'lz4', 'zstd', 'joblib-zf', '7z', 'rar', 'rar5', 'git-lfs',
] // prettier-ignore
/** Text of any kind, whatever it means. */
const TEXT = 'text'

/**
 * The formats that a file of this extension is read as by the programs that use the extension. Only extensions that mean one thing
 * stand here: people write anything into `.bin`, `.model` and `.dat`.
 */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  pkl: PICKLED,
  pickle: PICKLED,
  joblib: PICKLED,
  dill: PICKLED,
  pt: PICKLED,
  pth: PICKLED,
  ckpt: [...PICKLED, 'safetensors', 'hdf5'],
  onnx: ['onnx', 'git-lfs'],
  safetensors: ['safetensors', 'git-lfs'],
  json: [TEXT],
  txt: [TEXT],
  csv: [TEXT],
  tsv: [TEXT],
  yaml: [TEXT],
  yml: [TEXT],
  toml: [TEXT],
  md: [TEXT],
  html: [TEXT],
  ubj: ['ubjson'],
  npy: ['npy', 'git-lfs'],
  npz: ['zip', 'git-lfs'],
  zip: ['zip', 'git-lfs'],
  keras: ['zip', 'hdf5', 'git-lfs'],
  h5: ['hdf5', 'zip', 'git-lfs'],
  hdf5: ['hdf5', 'git-lfs'],
  gguf: ['gguf', 'git-lfs'],
  tflite: ['tflite', 'git-lfs'],
  cbm: ['catboost', 'git-lfs'],
  skops: ['zip', 'git-lfs'],
  tar: ['tar', 'gzip', 'bzip2', 'xz', 'zstd', 'git-lfs'],
  gz: ['gzip', 'git-lfs'],
  tgz: ['gzip', 'git-lfs'],
  '7z': ['7z', 'git-lfs'],
  parquet: ['parquet', 'git-lfs'],
  png: ['png', 'git-lfs'],
}

/** Extensions that a loader of pickles is given: what is in them is followed as a pickle even where it does not look like one. */
const PICKLES = new Set([
  'pkl', 'pickle', 'pck', 'pcl', 'joblib', 'dill', 'p', 'pt', 'pth', 'bin', 'ckpt', 'model', 'sav', 'dat', 'data',
]) // prettier-ignore
/** Further extensions of files that are models: an empty one is a model that is not there. */
const MODELS = new Set([
  'onnx',
  'safetensors',
  'keras',
  'h5',
  'hdf5',
  'gguf',
  'npz',
  'npy',
  'pb',
  'tflite',
  'cbm',
  'ubj',
  'skops',
  'zip',
])

export const isPickleExtension = (extension: string): boolean => PICKLES.has(extension)
export const isModelExtension = (extension: string): boolean => PICKLES.has(extension) || MODELS.has(extension)

/** What the scanner calls the content of a compressed file: it has the name that the file has without its last extension. */
const UNFOLDED = /!(?:gzip|zlib|bzip2|xz|lzma|zstd|lz4|joblib-zf)$/
const COMPRESSED = /\.(?:gz|bz2|xz|lzma|zst|zstd|lz4|z)$/i

/** `model.pt!archive/data.pkl` → `pkl`, in lower case; the empty text when there is none. */
export function extensionOf(name: string): string {
  let plain = name
  while (UNFOLDED.test(plain)) plain = plain.replace(UNFOLDED, '').replace(COMPRESSED, '')
  const base = plain.slice(Math.max(plain.lastIndexOf('/'), plain.lastIndexOf('!'), plain.lastIndexOf('\\')) + 1)
  const dot = base.lastIndexOf('.')
  const extension = dot <= 0 ? '' : base.slice(dot + 1).toLowerCase()
  return extension === 'tgz' && plain !== name ? 'tar' : extension
}

/** What the extension promises, when the content is none of it, in words. */
export function brokenPromise(extension: string, source: ByteSource, formats: readonly Format[]): string | undefined {
  const expected = Object.hasOwn(EXPECTED, extension) ? EXPECTED[extension]! : undefined
  const names = new Set(formats.map(({ name }) => name))
  if (expected === undefined || expected.some((format) => names.has(format))) return undefined
  if (expected.includes(TEXT) && !names.has('pickle') && (isText(source) || formats.every(isTextual))) return undefined
  return expected.includes('pickle') ? 'pickle or an archive of it' : expected.filter((name) => name !== 'git-lfs').join(' or ')
}

const isTextual = ({ evidence }: Format) => evidence === 'text'
