import type { FileHandle } from 'node:fs/promises'
import type { ColumnMetaData } from 'hyparquet'
import { count, formatCount } from '../../core/counts.ts'
import { Contradiction } from './statistics.ts'

/** Small reads for one file. A column chunk has few pages, and a file may have thousands of chunks. */
const MOST_READS = 64
/** More than a page header takes, unless it carries long bounds. */
const HEADER = 512

/**
 * Counts the values in the pages of a flat column, as far as a handful of small reads goes: of the first row group, the last, and
 * some between. A footer whose counts agree with each other and not with the data is found out by this, without reading the data.
 *
 * Page headers as in parquet.thrift: 1 type, 3 compressed size, 5 DataPageHeader (1 values), 8 DataPageHeaderV2 (1 values).
 *
 * @throws Contradiction
 */
export async function checkPages(file: FileHandle, chunks: readonly ColumnMetaData[]): Promise<void> {
  const { deserializeTCompactProtocol } = await import('hyparquet/src/thrift.js')
  const buffer = Buffer.allocUnsafe(HEADER)
  let reads = 0
  for (const chunk of spread(chunks)) {
    // A nested column has more values than rows, or fewer; its pages say nothing of rows.
    if (chunk.path_in_schema.length !== 1) return
    let at = Number(chunk.dictionary_page_offset || chunk.data_page_offset)
    const end = at + Number(chunk.total_compressed_size)
    let values = 0
    while (at < end) {
      if (++reads > MOST_READS) return
      const { bytesRead } = await file.read(buffer, 0, HEADER, at)
      const header = headerIn(deserializeTCompactProtocol, buffer.subarray(0, bytesRead))
      if (!header) return
      values += header.values
      at += header.bytes
    }
    if (values !== Number(chunk.num_values)) {
      const name = chunk.path_in_schema[0]
      throw new Contradiction(
        `the footer says ${count(Number(chunk.num_values), 'row')} where the pages of column "${name}" hold ${formatCount(values)}`,
      )
    }
  }
}

/** The first, the last, then those between, at most eight. */
function spread<T>(items: readonly T[]): T[] {
  const steps = Math.min(8, items.length)
  const at = Array.from({ length: steps }, (_, i) => Math.round((i * (items.length - 1)) / Math.max(1, steps - 1)))
  return [...new Set(at)].map((index) => items[index]!)
}

interface Struct {
  readonly [field: `field_${number}`]: unknown
}

function headerIn(
  parse: (reader: { view: DataView; offset: number }) => Struct,
  bytes: Buffer,
): { values: number; bytes: number } | undefined {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0 }
  try {
    const header = parse(reader)
    const data = (header.field_5 ?? header.field_8) as Struct | undefined
    const size = header.field_3
    if (typeof size !== 'number' || size < 0) return undefined
    return { values: Number(data?.field_1 ?? 0), bytes: reader.offset + size }
  } catch {
    return undefined // longer than what was read
  }
}
