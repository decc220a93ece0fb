import type { Format } from '../format.ts'
import { matches, type Magic } from './magic.ts'

/** Formats that can hold a model and are not opened. */
const UNOPENED: Readonly<Record<string, Magic>> = {
  compress: { title: 'compress (.Z)', magic: ['\x1f\x9d', '\x1f\xa0'] },
  lzip: { title: 'lzip', magic: 'LZIP\x01' },
  lzop: { title: 'lzop', magic: '\x89LZO\0\r\n\x1a\n' },
  snappy: { title: 'Snappy', magic: '\xff\x06\0\0sNaPpY' },
  cab: { title: 'Windows cabinet', magic: 'MSCF\0\0\0\0' },
  ar: { title: 'ar, Debian package', magic: '!<arch>\n' },
  cpio: { title: 'cpio', magic: ['070701', '070702', '070707'] },
  xar: { title: 'xar', magic: 'xar!' },
  squashfs: { title: 'SquashFS', magic: ['hsqs', 'sqsh'] },
  iso: { title: 'ISO 9660', magic: 'CD001', at: 0x8001 },
  'git-lfs': {
    title: 'a pointer to a file in Git LFS: the file itself is not here',
    magic: 'version https://git-lfs.github.com/spec/',
  },
}

export const unopened: readonly Format[] = Object.entries(UNOPENED).map(([name, format]) => ({
  name,
  title: format.title,
  evidence: 'signature',
  depth: 'recognised',
  looksFor: 'nothing: it is reported as not examined',
  recognises: (source) => matches(source, format),
  examine: (source, part) =>
    part.examination.report('container.unopened', {
      message: `Not examined: ${format.title} is recognised, but not opened`,
      part,
      offset: 0,
      length: source.size,
    }),
}))
