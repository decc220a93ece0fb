import type { Format } from '../format.ts'
import { byteAt, hasBytes, viewAt, type ByteSource } from '../source.ts'
import { matches, type Magic } from './magic.ts'

/** What lies beside models and does nothing when it is read: pictures of plots, samples, tables, fonts. */
const DATA: Readonly<Record<string, Magic>> = {
  png: { title: 'PNG', magic: '\x89PNG\r\n\x1a\n' },
  jpeg: { title: 'JPEG', magic: '\xff\xd8\xff' },
  gif: { title: 'GIF', magic: ['GIF87a', 'GIF89a'] },
  webp: { title: 'WebP', magic: 'WEBPVP8', at: 8 },
  tiff: { title: 'TIFF', magic: ['II*\0', 'MM\0*'] },
  bmp: { title: 'BMP', magic: 'BM', and: (source) => viewAt(source, 2, 4)?.getUint32(0, true) === source.size },
  icon: { title: 'icon', magic: '\0\0\x01\0', and: (source) => byteAt(source, 4) > 0 && byteAt(source, 9) === 0 },
  pdf: { title: 'PDF', magic: '%PDF-' },
  wav: { title: 'WAVE', magic: 'WAVEfmt ', at: 8 },
  flac: { title: 'FLAC', magic: 'fLaC' },
  ogg: { title: 'Ogg', magic: 'OggS\0' },
  mp3: { title: 'MP3', magic: ['ID3\x02', 'ID3\x03', 'ID3\x04'] },
  mp4: { title: 'MP4', magic: 'ftyp', at: 4, and: (source) => (viewAt(source, 0, 4)?.getUint32(0) ?? 0) <= 64 },
  matroska: { title: 'Matroska, WebM', magic: '\x1a\x45\xdf\xa3' },
  font: { title: 'font', magic: ['wOFF', 'wOF2', 'OTTO\0', '\0\x01\0\0\0'], and: isFont },
  parquet: { title: 'Parquet', magic: 'PAR1', and: (source) => hasBytes(source, source.size - 4, 'PAR1') },
  arrow: { title: 'Arrow, Feather', magic: ['ARROW1\0\0', 'FEA1'] },
  orc: { title: 'ORC', magic: 'ORC', and: (source) => hasBytes(source, source.size - 4, 'ORC') },
  avro: { title: 'Avro', magic: 'Obj\x01' },
  sqlite: { title: 'SQLite', magic: 'SQLite format 3\0' },
  duckdb: { title: 'DuckDB', magic: 'DUCK', at: 8 },
  catboost: { title: 'CatBoost', magic: 'CBM1', and: isCatBoost },
  'ds-store': { title: 'folder settings of macOS', magic: '\0\0\0\x01Bud1' },
  'tensorflow-events': { title: 'TensorBoard events', magic: 'brain.Event:', and: isEvents, at: 23 },
}

/** Files that hold data of a kind that no loader of models acts on. */
export const dataFiles: readonly Format[] = Object.entries(DATA).map(([name, data]) => ({
  name,
  title: data.title,
  evidence: 'signature',
  depth: 'recognised',
  looksFor: 'nothing: it holds data that no loader of models acts on; what else the same bytes are is examined',
  recognises: (source) => matches(source, data),
  examine: () => {},
}))

/** The place of its root, and a table with no fields. */
const SMALLEST_FLATBUFFER = 12

/** A table directory of some tables, each named by four letters. Source: OpenType 1.9, "Organization of an OpenType Font". */
function isFont(source: ByteSource): boolean {
  if (hasBytes(source, 0, 'wOF')) return true
  const tables = viewAt(source, 4, 2)?.getUint16(0) ?? 0
  return tables > 0 && tables < 100 && [...source.read(12, 4)].every((byte) => byte >= 0x20 && byte < 0x7f)
}

/**
 * The size of the trees, which are in the file to their last byte; tables and text processing may follow. The library parses
 * all of it as numbers and texts. Source: CatBoost's `libs/model/model.cpp`, `TFullModel::Save`.
 */
function isCatBoost(source: ByteSource): boolean {
  const trees = viewAt(source, 4, 4)?.getUint32(0, true) ?? 0
  return trees >= SMALLEST_FLATBUFFER && 8 + trees <= source.size
}

/** The first record is short, and says which version follows. Source: TensorFlow's `record_writer.h`. */
function isEvents(source: ByteSource): boolean {
  return (viewAt(source, 0, 8)?.getBigUint64(0, true) ?? 0n) < 256n
}
