import { UserError } from '../../core/errors.ts'
import { didYouMean } from '../../core/suggest.ts'
import { rowOf, tableFromRows, type Cell, type Column, type Table } from '../../core/table.ts'
import { readTable } from '../../drivers/duckdb.ts'

type Row = Readonly<Record<string, Cell | undefined>>
type Columns = Readonly<Record<string, ArrayLike<Cell | undefined>>>

/** What a test suite runs on: the path of data that DuckDB reads, columns, rows as objects, or rows as arrays. */
export type TestInput = string | Columns | readonly object[]
/** The true labels of the rows, or the name of the column that holds them. */
export type TestLabels = string | ArrayLike<Cell | undefined>

/** How a model object expects its input: as the test data were given. */
export type InputShape = 'rows' | 'columns' | 'matrix'

export interface TestData {
  /** The features: everything but the label. */
  readonly table: Table
  readonly labels: Column
  readonly shape: InputShape
}

/**
 * Test data of any accepted form as a table and its labels.
 *
 * @throws UserError E_FILE_MISSING, E_FILE_FORMAT, E_COLUMN_MISSING; E_VALUE when columns, rows and labels differ in length
 */
export async function loadTestData(input: TestInput, labels: TestLabels, cwd: string): Promise<TestData> {
  const { table, shape } =
    typeof input === 'string' ? { table: await readTable(cwd, input), shape: 'rows' as const } : tableOf(input)
  if (typeof labels !== 'string') {
    if (labels.length === table.rowCount) return { table, labels: columnOf(labels), shape }
    throw new UserError('E_VALUE', `There are ${table.rowCount} rows of test data but ${labels.length} labels`)
  }
  const { [labels]: ofLabel, ...features } = table.columns
  if (ofLabel !== undefined) return { table: { rowCount: table.rowCount, columns: features }, labels: ofLabel, shape }
  throw new UserError('E_COLUMN_MISSING', `The test data has no column "${labels}"`, {
    hint: didYouMean(labels, Object.keys(table.columns)),
  })
}

function tableOf(input: Exclude<TestInput, string>): { table: Table; shape: InputShape } {
  if (!Array.isArray(input)) {
    const columns = Object.entries(input as Columns).map(([name, cells]) => [name, columnOf(cells)] as const)
    const rowCount = columns[0]?.[1].length ?? 0
    const odd = columns.find(([, cells]) => cells.length !== rowCount)
    if (odd)
      throw new UserError('E_VALUE', `Column "${odd[0]}" has ${odd[1].length} values, but "${columns[0]![0]}" has ${rowCount}`)
    return { table: { rowCount, columns: Object.fromEntries(columns) }, shape: 'columns' }
  }
  const first: unknown = input[0]
  if (Array.isArray(first) || ArrayBuffer.isView(first)) {
    return { table: tableFromMatrix(input as readonly ArrayLike<Cell>[]), shape: 'matrix' }
  }
  return { table: tableFromRows(input as readonly Row[]), shape: 'rows' }
}

/** Columns `x0`, `x1`, … as scikit-learn names them. */
function tableFromMatrix(rows: readonly ArrayLike<Cell>[]): Table {
  const width = rows[0]!.length
  const odd = rows.findIndex((row) => row.length !== width)
  if (odd !== -1)
    throw new UserError('E_VALUE', `Row ${odd + 1} of the test data has ${rows[odd]!.length} values, but row 1 has ${width}`)
  const columns = Array.from({ length: width }, (_, j) => [`x${j}`, columnOf(rows.map((row) => row[j]))] as const)
  return { rowCount: rows.length, columns: Object.fromEntries(columns) }
}

function columnOf(values: ArrayLike<Cell | undefined>): Column {
  if (values instanceof Float64Array) return values
  const cells = Array.from(values, (cell) => cell ?? null)
  return cells.length > 0 && cells.every((cell) => typeof cell === 'number') ? Float64Array.from(cells) : cells
}

/** A table in the shape that a model object expects. */
export function shaped({ columns, rowCount }: Table, shape: InputShape): unknown {
  if (shape === 'columns') return columns
  if (shape === 'rows') return Array.from({ length: rowCount }, (_, row) => rowOf({ columns, rowCount }, row))
  const inOrder = Object.values(columns)
  return Array.from({ length: rowCount }, (_, row) => inOrder.map((column) => column[row] ?? null))
}
