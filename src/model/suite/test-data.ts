import { UserError } from '../../core/errors.ts'
import { didYouMean } from '../../core/suggest.ts'
import { rowOf, tableFromRows, type Cell, type Column, type Table } from '../../core/table.ts'
import { readTable } from '../../drivers/duckdb.ts'

/** The truth of each row: one column, or one of 0 and 1 per class of a multilabel model, by the name of the class. */
type Labels = Column | Readonly<Record<string, Column>>
type Row = Readonly<Record<string, Cell | undefined>>
type Columns = Readonly<Record<string, ArrayLike<Cell | undefined>>>

/** What a test suite runs on: the path of data that DuckDB reads, a table, columns, rows as objects, or rows as arrays. */
export type TestInput = string | Table | Columns | readonly object[]
/** One value per row, or the name of the column that holds them, which is then no feature. */
export type RowValues = string | ArrayLike<Cell | undefined>
/** The true labels of the rows, or the name of their column; of a multilabel model one column of 0 and 1 per class, or the names of several. */
export type TestLabels = RowValues | readonly string[] | Columns

/** What is known of the rows beside their features and labels. */
export interface RowColumns {
  /** How much each row counts for; above or equal to 0. */
  readonly weights?: RowValues | undefined
  /** Rows with the same value belong together, such as those of one user: only whole clusters are independent. */
  readonly clusters?: RowValues | undefined
  /** The query of each row, for a ranking. */
  readonly queries?: RowValues | undefined
  /** Names each row. */
  readonly ids?: RowValues | undefined
}

/** How a model object expects its input: as the test data were given. */
export type InputShape = 'rows' | 'columns' | 'matrix'

export interface TestData {
  /** The features: everything but the labels and the columns of `about`. */
  readonly table: Table
  readonly labels: Labels
  readonly about: { readonly [Role in keyof RowColumns]?: Column }
  readonly shape: InputShape
}

/**
 * Test data of any accepted form as a table and its labels.
 *
 * @throws UserError E_FILE_MISSING, E_FILE_FORMAT, E_COLUMN_MISSING; E_VALUE when columns, rows and labels differ in length
 */
export async function loadTestData(
  input: TestInput,
  labels: TestLabels,
  cwd: string,
  { weights, clusters, queries, ids }: RowColumns = {},
): Promise<TestData> {
  const { table, shape } =
    typeof input === 'string' ? { table: await readTable(cwd, input), shape: 'rows' as const } : tableOf(input)
  const taken = new Set<string>()
  const valuesOf = (values: RowValues, what: string): Column => {
    if (typeof values === 'string') taken.add(values)
    return typeof values === 'string' ? named(table, values) : ofRows(values, table.rowCount, what)
  }
  const about = Object.fromEntries(
    Object.entries({ weights, clusters, queries, ids }).flatMap(([what, values]) =>
      values === undefined ? [] : [[what, valuesOf(values, what)]],
    ),
  )
  const truth = labelsOf(labels, table, valuesOf)
  const features = Object.fromEntries(Object.entries(table.columns).filter(([name]) => !taken.has(name)))
  return { table: { rowCount: table.rowCount, columns: features }, labels: truth, about, shape }
}

function labelsOf(labels: TestLabels, table: Table, valuesOf: (values: RowValues, what: string) => Column): Labels {
  if (typeof labels === 'string') return valuesOf(labels, 'labels')
  if (!isArrayLike(labels)) {
    return Object.fromEntries(Object.entries(labels).map(([name, values]) => [name, valuesOf(values, `labels of "${name}"`)]))
  }
  // As many names as rows are labels, whatever they say.
  const areNames = labels.length > 0 && labels.length !== table.rowCount
  if (!areNames || !Array.from(labels).every((name) => typeof name === 'string' && Object.hasOwn(table.columns, name)))
    return valuesOf(labels, 'labels')
  return Object.fromEntries((labels as readonly string[]).map((name) => [name, valuesOf(name, 'labels')]))
}

const isArrayLike = (labels: Exclude<TestLabels, string>): labels is ArrayLike<Cell | undefined> =>
  Array.isArray(labels) || ArrayBuffer.isView(labels) || typeof (labels as { length?: unknown }).length === 'number'

function ofRows(values: ArrayLike<Cell | undefined>, rowCount: number, what: string): Column {
  if (values.length === rowCount) return columnOf(values)
  throw new UserError('E_VALUE', `There are ${rowCount} rows of test data but ${values.length} ${what}`)
}

function named({ columns }: Table, name: string): Column {
  if (Object.hasOwn(columns, name)) return columns[name]!
  throw new UserError('E_COLUMN_MISSING', `The test data has no column "${name}"`, {
    hint: didYouMean(name, Object.keys(columns)),
  })
}

/** A table may have rows and no columns: predictions from a file need none. */
const isTable = (input: object): input is Table => 'rowCount' in input && typeof input.rowCount === 'number'

function tableOf(input: Exclude<TestInput, string>): { table: Table; shape: InputShape } {
  if (isTable(input)) return { table: input, shape: 'columns' }
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
