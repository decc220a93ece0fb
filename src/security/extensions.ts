/** What loaders of pickles open: bare, in an archive, or compressed. */
const PICKLED: readonly string[] = [
  'pickle',
  'zip',
  'tar',
  'npy',
  'gzip',
  'zlib',
  'bzip2',
  'xz',
  'lzma',
  'lz4',
  'zstd',
  'joblib-zf',
  '7z',
]

/** The formats that a file of this extension is read as by the programs that use the extension. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  pkl: PICKLED,
  pickle: PICKLED,
  joblib: PICKLED,
  dill: PICKLED,
  pt: PICKLED,
  pth: PICKLED,
  ckpt: PICKLED,
  onnx: ['onnx'],
  safetensors: ['safetensors'],
  json: ['json', 'text'],
  txt: ['text'],
  csv: ['text'],
  yaml: ['text'],
  yml: ['text'],
  md: ['text'],
  ubj: ['ubjson'],
  npy: ['npy'],
  npz: ['zip'],
  zip: ['zip'],
  keras: ['zip', 'hdf5'],
  h5: ['hdf5'],
  hdf5: ['hdf5'],
  gguf: ['gguf'],
  tflite: ['tflite'],
  skops: ['zip'],
  tar: ['tar'],
  gz: ['gzip'],
  tgz: ['gzip'],
  '7z': ['7z'],
  parquet: ['parquet'],
}

/** Extensions that a loader of pickles is given: what is in them is followed as a pickle even where it does not look like one. */
const PICKLES = new Set(['pkl', 'pickle', 'joblib', 'dill', 'p', 'pt', 'pth', 'bin', 'ckpt', 'model', 'sav', 'dat'])

export const isPickleExtension = (extension: string): boolean => PICKLES.has(extension)

/** `model.pt!archive/data.pkl` → `pkl`, in lower case; the empty text when there is none. */
export function extensionOf(name: string): string {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('!'), name.lastIndexOf('\\')) + 1)
  const dot = base.lastIndexOf('.')
  return dot <= 0 ? '' : base.slice(dot + 1).toLowerCase()
}

/** What the extension promises, when the content is none of it, in words. */
export function brokenPromise(extension: string, formats: readonly string[]): string | undefined {
  const expected = Object.hasOwn(EXPECTED, extension) ? EXPECTED[extension] : undefined
  return expected === undefined || expected.some((format) => formats.includes(format))
    ? undefined
    : expected === PICKLED
      ? 'pickle or an archive of it'
      : expected.join(' or ')
}
