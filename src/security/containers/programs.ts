import type { Format } from '../format.ts'
import { hasBytes, viewAt, type ByteSource } from '../source.ts'
import { matches, type Magic } from './magic.ts'

const PROGRAMS: Readonly<Record<string, Magic>> = {
  elf: { title: 'ELF program or library', magic: '\x7fELF' },
  pe: { title: 'Windows program or library', magic: 'MZ', and: isPe },
  'mach-o': {
    title: 'macOS program or library',
    magic: ['\xfe\xed\xfa\xce', '\xfe\xed\xfa\xcf', '\xce\xfa\xed\xfe', '\xcf\xfa\xed\xfe'],
  },
  // Programs for several processors of macOS begin with the same bytes.
  'java-class': { title: 'Java class or macOS program', magic: '\xca\xfe\xba\xbe' },
  dex: { title: 'Android program', magic: 'dex\n03' },
  wasm: { title: 'WebAssembly program', magic: '\0asm\x01\0\0\0' },
  pyc: { title: 'compiled Python', magic: '\r\n', at: 2, and: isPyc },
  lua: { title: 'compiled Lua', magic: '\x1bLua' },
}

/** Programs: nothing here can say what they do. */
export const programs: readonly Format[] = Object.entries(PROGRAMS).map(([name, program]) => ({
  name,
  title: program.title,
  evidence: 'signature',
  depth: 'recognised',
  looksFor: 'nothing: that it is there is the finding',
  recognises: (source) => matches(source, program),
  examine: (source, part) => {
    const message = `A program: ${program.title}`
    part.examination.report('format.program', { message, part, offset: 0, length: source.size })
  },
}))

/** The old header says where the new one is. */
function isPe(source: ByteSource): boolean {
  const header = viewAt(source, 0x3c, 4)?.getUint32(0, true)
  return header !== undefined && hasBytes(source, header, 'PE\0\0')
}

/** A magic number of Python 2.7 or 3.x, then flags, of which two are known. Source: CPython's `importlib/_bootstrap_external.py`, PEP 552. */
function isPyc(source: ByteSource): boolean {
  const header = viewAt(source, 0, 16)
  if (!header) return false
  const version = header.getUint16(0, true)
  return (version >= 3000 && version < 4000 && header.getUint32(4, true) <= 3) || (version >= 62_000 && version < 62_300)
}
