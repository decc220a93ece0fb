import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  FLOAT,
  INTEGER,
  INTERVAL,
  LIST,
  MAP,
  SMALLINT,
  STRUCT,
  TIME,
  TIMESTAMP,
  TIMESTAMP_NS,
  TIMESTAMPTZ,
  TINYINT,
  UBIGINT,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  VARCHAR,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api'
import { DataType, DateUnit, Precision, TimeUnit, Type, util, Vector, type Data, type Field } from 'apache-arrow'

/** How the values of an Arrow type become values of DuckDB. */
export interface ValueReader {
  readonly type: DuckDBType
  /** The value at a place, which is not null. Throws where the file holds less than it says. */
  value(data: Data, index: number): DuckDBValue
}

/** A type of Arrow that has no counterpart. */
export class NoCounterpart extends Error {}

/**
 * @param column names the column in the error, with the way into nested types
 * @throws NoCounterpart
 */
export function readerOf(type: DataType, column: string): ValueReader {
  const found = simpleReader(type) ?? nestedReader(type, column)
  if (found === undefined) throw new NoCounterpart(`the column ${column} is of the type ${Type[type.typeId]}`)
  return found
}

/** The value, or null. */
export function valueAt(reader: ValueReader, data: Data, index: number): DuckDBValue {
  if (DataType.isNull(data.type)) return null
  if (data.nullCount > 0) {
    const bit = data.offset + index
    if ((present(data.nullBitmap?.[bit >> 3]) & (1 << (bit & 7))) === 0) return null
  }
  return reader.value(data, index)
}

/** What is read beyond the end of a buffer is undefined, and DuckDB would take it for zero. */
function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a column has fewer values than rows')
  return value
}

type Numbers = ArrayLike<number | bigint>
const at = (data: Data, index: number): number | bigint => present((data.values as Numbers)[index])
const big = (data: Data, index: number): bigint => BigInt(at(data, index))
const plain = (type: DuckDBType): ValueReader => ({ type, value: at })

const SIGNED: Readonly<Record<number, DuckDBType>> = { 8: TINYINT, 16: SMALLINT, 32: INTEGER, 64: BIGINT }
const UNSIGNED: Readonly<Record<number, DuckDBType>> = { 8: UTINYINT, 16: USMALLINT, 32: UINTEGER, 64: UBIGINT }

function simpleReader(type: DataType): ValueReader | undefined {
  if (DataType.isNull(type)) return plain(INTEGER)
  if (DataType.isInt(type)) return plain((type.isSigned ? SIGNED : UNSIGNED)[type.bitWidth]!)
  if (DataType.isFloat(type)) {
    if (type.precision === Precision.HALF) return { type: FLOAT, value: (data, i) => util.uint16ToFloat64(Number(at(data, i))) }
    return plain(type.precision === Precision.SINGLE ? FLOAT : DOUBLE)
  }
  if (DataType.isBool(type)) {
    return {
      type: BOOLEAN,
      value: (data, i) => (Number(at(data, (data.offset + i) >> 3)) & (1 << ((data.offset + i) & 7))) !== 0,
    }
  }
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return { type: VARCHAR, value: (data, i) => textOf(slice(data, i)) }
  if (DataType.isUtf8View(type)) return { type: VARCHAR, value: (data, i) => new Vector([data]).get(i) as string }
  if (DataType.isBinary(type) || DataType.isLargeBinary(type)) {
    return { type: BLOB, value: (data, i) => new DuckDBBlobValue(slice(data, i)) }
  }
  if (DataType.isBinaryView(type)) {
    return { type: BLOB, value: (data, i) => new DuckDBBlobValue(new Vector([data]).get(i) as Uint8Array) }
  }
  if (DataType.isFixedSizeBinary(type)) {
    const width = type.byteWidth
    const bytes = (data: Data, i: number) => range(data.values as Uint8Array, i * width, (i + 1) * width)
    return { type: BLOB, value: (data, i) => new DuckDBBlobValue(bytes(data, i)) }
  }
  return decimalReader(type) ?? timeReader(type)
}

function decimalReader(type: DataType): ValueReader | undefined {
  if (!DataType.isDecimal(type)) return undefined
  const { precision, scale, bitWidth } = type
  if (precision > 38 || scale < 0 || scale > precision) return undefined
  const words = bitWidth / 32
  const value = (data: Data, index: number): DuckDBValue => {
    let unscaled = 0n
    for (let word = words - 1; word >= 0; word--) unscaled = (unscaled << 32n) | big(data, index * words + word)
    return new DuckDBDecimalValue(BigInt.asIntN(bitWidth, unscaled), precision, scale)
  }
  return { type: DECIMAL(precision, scale), value }
}

const DAY_MS = 86_400_000n
/** Units of Arrow in nanoseconds. */
const UNIT_NANOSECONDS = {
  [TimeUnit.SECOND]: 1_000_000_000n,
  [TimeUnit.MILLISECOND]: 1_000_000n,
  [TimeUnit.MICROSECOND]: 1000n,
  [TimeUnit.NANOSECOND]: 1n,
} as const

function timeReader(type: DataType): ValueReader | undefined {
  if (DataType.isDate(type)) {
    const isDays = type.unit === DateUnit.DAY
    const days = (data: Data, i: number) => (isDays ? Number(at(data, i)) : Number(floorDivide(big(data, i), DAY_MS)))
    return { type: DATE, value: (data, i) => new DuckDBDateValue(days(data, i)) }
  }
  if (DataType.isTimestamp(type)) {
    const micros = microsOf(type.unit)
    // DuckDB has nanoseconds for times without a zone alone.
    if (type.timezone) return { type: TIMESTAMPTZ, value: (data, i) => new DuckDBTimestampTZValue(micros(data, i)) }
    if (type.unit === TimeUnit.NANOSECOND) {
      return { type: TIMESTAMP_NS, value: (data, i) => new DuckDBTimestampNanosecondsValue(big(data, i)) }
    }
    return { type: TIMESTAMP, value: (data, i) => new DuckDBTimestampValue(micros(data, i)) }
  }
  if (DataType.isTime(type)) {
    const micros = microsOf(type.unit)
    return { type: TIME, value: (data, i) => new DuckDBTimeValue(micros(data, i)) }
  }
  if (DataType.isDuration(type)) {
    const micros = microsOf(type.unit)
    return { type: INTERVAL, value: (data, i) => new DuckDBIntervalValue(0, 0, micros(data, i)) }
  }
  return undefined
}

function microsOf(unit: TimeUnit): (data: Data, index: number) => bigint {
  const nanoseconds = UNIT_NANOSECONDS[unit]
  return (data, index) => floorDivide(big(data, index) * nanoseconds, 1000n)
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by
  return value % by < 0n ? quotient - 1n : quotient
}

function nestedReader(type: DataType, column: string): ValueReader | undefined {
  if (DataType.isDictionary(type)) return dictionaryReader(type.dictionary as DataType, column)
  if (DataType.isList(type) || DataType.isLargeList(type) || DataType.isFixedSizeList(type)) {
    const items = readerOf((type.children[0] as Field).type, `${column}[]`)
    const bounds = DataType.isFixedSizeList(type)
      ? (_data: Data, i: number): [number, number] => [i * type.listSize, (i + 1) * type.listSize]
      : offsets
    return { type: LIST(items.type), value: (data, i) => new DuckDBListValue(members(items, data.children[0]!, bounds(data, i))) }
  }
  if (DataType.isStruct(type)) return structReader(type.children, column)
  if (DataType.isMap(type)) {
    const [key, value] = (type.children[0] as Field).type.children as Field[]
    const keys = readerOf(key!.type, `${column}.key`)
    const values = readerOf(value!.type, `${column}.value`)
    const entriesOf = (data: Data, i: number) => {
      const [keyData, valueData] = data.children[0]!.children
      const found = members(values, valueData!, offsets(data, i))
      return members(keys, keyData!, offsets(data, i)).map((item, at) => ({ key: item, value: found[at]! }))
    }
    return { type: MAP(keys.type, values.type), value: (data, i) => new DuckDBMapValue(entriesOf(data, i)) }
  }
  return undefined
}

function structReader(fields: readonly Field[], column: string): ValueReader | undefined {
  if (fields.length === 0) return undefined
  const readers = fields.map((field) => readerOf(field.type, `${column}.${field.name}`))
  const type = STRUCT(Object.fromEntries(fields.map(({ name }, i) => [name, readers[i]!.type])))
  const value = (data: Data, index: number) =>
    new DuckDBStructValue(Object.fromEntries(fields.map(({ name }, i) => [name, valueAt(readers[i]!, data.children[i]!, index)])))
  return { type, value }
}

/** The values of a dictionary are made once, and not for each row. */
function dictionaryReader(type: DataType, column: string): ValueReader {
  const reader = readerOf(type, column)
  const made = new WeakMap<Vector, DuckDBValue[]>()
  const valuesOf = (dictionary: Vector): DuckDBValue[] => {
    const before = made.get(dictionary)
    if (before) return before
    const values = dictionary.data.flatMap((data) => members(reader, data, [0, data.length]))
    made.set(dictionary, values)
    return values
  }
  const value = (data: Data, index: number) => present(valuesOf(present(data.dictionary))[Number(at(data, index))])
  return { type: reader.type, value }
}

function members(reader: ValueReader, data: Data, [from, to]: readonly [number, number]): DuckDBValue[] {
  if (from < 0 || to < from || to > data.length) throw new Error('a list reaches beyond its items')
  return Array.from({ length: to - from }, (_item, i) => valueAt(reader, data, from + i))
}

function offsets(data: Data, index: number): [number, number] {
  const all = data.valueOffsets as Numbers
  return [Number(present(all[index])), Number(present(all[index + 1]))]
}

const slice = (data: Data, index: number): Uint8Array => range(data.values as Uint8Array, ...offsets(data, index))

function range(bytes: Uint8Array, from: number, to: number): Uint8Array {
  if (from < 0 || to < from || to > bytes.length) throw new Error('a value reaches beyond its buffer')
  return bytes.subarray(from, to)
}

const strict = new TextDecoder('utf-8', { fatal: true })

function textOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
  // What is no UTF-8 comes out as U+FFFD, and so does U+FFFD itself.
  return text.includes('\uFFFD') ? strict.decode(bytes) : text
}
