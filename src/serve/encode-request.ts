import { UserError } from '../core/errors.ts'
import type { Cell, Table } from '../core/table.ts'
import type { InferRequest, Tensor, TensorMetadata } from './protocol.ts'
import { kindOf } from './tensor.ts'

/**
 * The body of an infer request for these rows.
 *
 * @param inputs the model's inputs, one tensor per column
 * @throws UserError E_COLUMN_MISSING when the rows lack an input, E_MODEL_INPUT when the model takes something else than columns
 */
export function encodeInferRequest(table: Table, inputs: readonly TensorMetadata[]): string {
  const request: InferRequest = { inputs: inputs.map((input) => encodeTensor(table, input)) }
  return JSON.stringify(request)
}

function encodeTensor({ columns, rowCount }: Table, { name, datatype, shape, parameters }: TensorMetadata): Tensor {
  const isColumn = shape.length === 1 || (shape.length === 2 && shape[1] === 1)
  if (!isColumn) {
    throw new UserError(
      'E_MODEL_INPUT',
      `The endpoint's input "${name}" has shape [${shape.join(', ')}], which is not one column`,
      {
        hint: 'Rows can be sent to a model that takes one tensor per column, [n] or [n, 1].',
      },
    )
  }
  const column = columns[name]
  if (column === undefined) {
    throw new UserError('E_COLUMN_MISSING', `The data has no column "${name}", which the endpoint's model takes`, {
      hint: `Columns: ${Object.keys(columns).join(', ')}.`,
    })
  }
  const cells: readonly Cell[] = Array.from(column)
  const type = parameters?.['any_datatype'] === true ? datatypeOf(cells) : datatype
  return {
    name,
    shape: shape.length === 2 ? [rowCount, 1] : [rowCount],
    datatype: type,
    data: cells.map((cell) => element(cell, type)),
  }
}

/** What the data itself says, for a model that takes every datatype. */
function datatypeOf(cells: readonly Cell[]): Tensor['datatype'] {
  if (cells.some((cell) => typeof cell === 'string')) return 'BYTES'
  return cells.some((cell) => typeof cell === 'number') ? 'FP64' : 'BOOL'
}

/** A missing value is null, NaN included. */
function element(cell: Cell, datatype: Tensor['datatype']): Cell {
  if (cell === null || (typeof cell === 'number' && !Number.isFinite(cell))) return null
  const kind = kindOf(datatype)
  if (kind === 'string') return String(cell)
  return kind === 'number' ? Number(cell) : Boolean(cell)
}
