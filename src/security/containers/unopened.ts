import type { Format } from '../format.ts'
import { hasBytes } from '../source.ts'

const bytes = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0))

/** Formats that are told by their first bytes and are not opened, with what to call them. */
const UNOPENED: Readonly<Record<string, { readonly title: string; readonly magic: readonly number[] }>> = {
  bzip2: { title: 'bzip2', magic: bytes('BZh') },
  xz: { title: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  lzma: { title: 'LZMA', magic: [0x5d, 0x00, 0x00] },
  zstd: { title: 'Zstandard', magic: [0x28, 0xb5, 0x2f, 0xfd] },
  lz4: { title: 'LZ4', magic: [0x04, 0x22, 0x4d, 0x18] },
  '7z': { title: '7-Zip', magic: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c] },
  rar: { title: 'RAR', magic: bytes('Rar!\x1a\x07') },
  'joblib-zf': { title: 'joblib (before 0.10)', magic: bytes('ZF') },
  png: { title: 'PNG', magic: [0x89, 0x50, 0x4e, 0x47] },
  pdf: { title: 'PDF', magic: bytes('%PDF') },
  elf: { title: 'ELF program', magic: [0x7f, 0x45, 0x4c, 0x46] },
  parquet: { title: 'Parquet', magic: bytes('PAR1') },
}

export const unopened: readonly Format[] = Object.entries(UNOPENED).map(([name, { title, magic }]) => ({
  name,
  title,
  evidence: 'signature',
  depth: 'recognised',
  looksFor: 'nothing: it is reported as not examined',
  recognises: (source) => hasBytes(source, 0, magic),
  examine: (source, part) =>
    part.examination.report('container.unopened', {
      message: `Not examined: ${title} is recognised, but not opened`,
      part,
      offset: 0,
      length: source.size,
    }),
}))
