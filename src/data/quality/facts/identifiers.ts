import type { ColumnScan } from './columns.ts'
import type { QualityData } from './quality-data.ts'
import type { CountedColumn } from './value-counts.ts'

/** Fewer values than this are easily all different by chance. */
export const FEWEST_VALUES = 50
/** Share of different values from which a column is nearly unique. The estimate of their number is off by about 2 %. */
const NEARLY_UNIQUE = 0.95
/** A name says that a column is a key, so it may repeat more before it is none. */
const NEARLY_UNIQUE_KEY = 0.8

/** A column that tells rows apart rather than anything about them. */
export interface IdentifierFacts {
  readonly column: string
  /** `row-number`: whole numbers without gaps. `uuid`. `code`: text without spaces. `number`: named as a key, or of fixed length. */
  readonly kind: 'row-number' | 'uuid' | 'code' | 'number'
  readonly distinct: number
  readonly present: number
  /** All values are certainly, or by the estimate could well be, different. */
  readonly unique: boolean
}

/** `id`, `customer_id`, `orderId`, `uuid`, `passport_no`, `primary key`: by the words of the name. */
export function namedLikeKey(name: string): boolean {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
  return words.some((word) => /^(id|ids|uuid|guid|key|pk|index|idx|rowid|rownum|identifier|ssn|iban)$/.test(word))
}

/** Finds the columns that identify rows, from what the scan of columns has told already. */
export function findIdentifiers(
  { columns }: Pick<QualityData, 'columns'>,
  scans: readonly ColumnScan[],
  counted: ReadonlyMap<number, CountedColumn>,
): IdentifierFacts[] {
  return columns.flatMap((column, i) => {
    const scan = scans[i]!
    const distinct = counted.get(i)?.distinct ?? scan.distinct
    const share = distinct / scan.present
    const isKey = namedLikeKey(column.name)
    if (scan.present < FEWEST_VALUES || share < (isKey ? NEARLY_UNIQUE_KEY : NEARLY_UNIQUE)) return []
    const kind = kindOf(column, scan, isKey)
    if (kind === undefined) return []
    // An estimate cannot tell all from nearly all.
    const unique = counted.has(i) ? distinct === scan.present : share > 0.97
    return [{ column: column.name, kind, distinct, present: scan.present, unique }]
  })
}

function kindOf(
  { type, kind, isText }: QualityData['columns'][number],
  { present, numbers, lengths, spaced }: ColumnScan,
  isKey: boolean,
): IdentifierFacts['kind'] | undefined {
  if (type === 'UUID') return 'uuid'
  if (isText && lengths) {
    if (lengths.min === 36 && lengths.max === 36 && spaced === 0) return 'uuid'
    // Names and sentences have spaces; they are text, and not the identifier of a row.
    return isKey || spaced! / present < 0.05 ? 'code' : undefined
  }
  if (kind !== 'number' || !numbers?.integers) return undefined
  if (numbers.max - numbers.min + 1 <= present * 1.05) return 'row-number'
  const digits = (value: number) => Math.abs(value).toFixed(0).length
  const isLong = digits(numbers.min) >= 9 && digits(numbers.min) === digits(numbers.max)
  return isKey || isLong ? 'number' : undefined
}

/** The columns that could be a key; a row number says nothing about what a row is. */
export function identifierColumns(identifiers: readonly IdentifierFacts[]): string[] {
  return identifiers.filter(({ kind, column }) => kind !== 'row-number' || namedLikeKey(column)).map(({ column }) => column)
}
