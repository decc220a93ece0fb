import { z } from 'zod'
import { UserError } from '../../../core/errors.ts'
import type { Cell, Column } from '../../../core/table.ts'
import { asNumbers, featureColumns, kindOfColumn, unfit } from '../columns.ts'
import { predictionsOf } from './answers.ts'
import type { Client } from './client.ts'
import type { Conversation } from './conversation.ts'
import type { PredictorOptions } from '../options.ts'

/** What `GET …/metadata` says of the inputs. Sizes are numbers in text, as protobuf writes 64-bit integers in JSON. */
const Metadata = z.object({
  metadata: z.object({
    signature_def: z.object({
      signature_def: z.object({
        serving_default: z.object({
          inputs: z.record(
            z.string(),
            z.object({
              dtype: z.string(),
              tensor_shape: z.object({ dim: z.array(z.object({ size: z.coerce.number() })).default([]) }).default({ dim: [] }),
            }),
          ),
        }),
      }),
    }),
  }),
})
type Inputs = z.output<typeof Metadata>['metadata']['signature_def']['signature_def']['serving_default']['inputs']

/**
 * The REST API of TensorFlow Serving, and the first protocol of KServe, which has the same words:
 * `http://host/v1/models/NAME[/versions/N|/labels/L]:predict`. Rows are sent as `instances`, and `predictions` come back. What the model
 * takes is read from its metadata, where the server gives them: one matrix, whose columns `options.features` names, or inputs by name.
 *
 * @throws UserError E_NETWORK when it cannot be reached, E_MODEL_INPUT for a matrix whose columns are not known
 */
export async function tensorflowConversation(url: string, client: Client, options: PredictorOptions): Promise<Conversation> {
  const { name } = client
  const inputs = await inputsOf(url, client)
  const matrix = inputs === null ? options.features !== undefined : isMatrix(inputs)
  if (matrix && options.features === undefined) {
    throw new UserError('E_MODEL_INPUT', `${name} takes a matrix; the names of its columns are not known`, {
      hint: 'Name them in order with --features.',
    })
  }
  const features = matrix ? options.features! : inputs === null ? null : Object.keys(inputs)
  return {
    url,
    digest: null,
    features,
    datatypes: null,
    importances: null,
    encode(batch) {
      const columns = features ? featureColumns(batch, features, name) : new Map(Object.entries(batch.columns))
      const written = [...columns].map(([feature, column]) =>
        writtenCells(column, feature, matrix ? undefined : inputs?.[feature], name),
      )
      const instances = Array.from({ length: batch.rowCount }, (_, row) => {
        const cells = written.map((column) => column[row]!)
        // A model with one input takes its values bare.
        if (!matrix && inputs !== null && cells.length === 1) return cells[0]!
        return matrix
          ? `[${cells.join(',')}]`
          : `{${cells.map((cell, k) => `${JSON.stringify(features?.[k] ?? [...columns.keys()][k])}:${cell}`).join(',')}}`
      })
      return `{"instances":[${instances.join(',')}]}`
    },
    decode: (answer, rows) => predictionsOf(answer, rows, name, options, 'TensorFlow Serving does'),
  }
}

/** Null where the server does not say, as KServe does not. */
async function inputsOf(url: string, client: Client): Promise<Inputs | null> {
  const metadata = new URL(url)
  metadata.pathname = metadata.pathname.replace(/:predict$/, '/metadata')
  const answer = await client.get(metadata.href, 404)
  const parsed = answer && Metadata.safeParse(answer.value)
  return parsed?.success ? parsed.data.metadata.signature_def.signature_def.serving_default.inputs : null
}

/** One input with a row of several values. */
function isMatrix(inputs: Inputs): boolean {
  const [first, ...others] = Object.values(inputs)
  const dim = first?.tensor_shape.dim ?? []
  return others.length === 0 && dim.length === 2 && dim[1]!.size !== 1
}

/** The cells as JSON text, each in a list where the input has a second dimension. NaN is a token of TensorFlow Serving, not of JSON. */
function writtenCells(column: Column, feature: string, input: Inputs[string] | undefined, name: string): string[] {
  const wrap = input?.tensor_shape.dim.length === 2 ? (cell: string) => `[${cell}]` : (cell: string) => cell
  const numeric = input === undefined ? kindOfColumn(column) !== 'boolean' : !/^DT_(STRING|BOOL)$/.test(input.dtype)
  const numbers = numeric ? asNumbers(column) : undefined
  if (numbers !== undefined) return Array.from(numbers, (value) => wrap(String(value)))
  return Array.from(column as readonly Cell[], (cell, row) => {
    const isFit =
      input === undefined
        ? cell !== null
        : input.dtype === 'DT_BOOL'
          ? typeof cell === 'boolean'
          : input.dtype === 'DT_STRING' && typeof cell === 'string'
    if (!isFit) throw unfit(name, feature, KINDS[input?.dtype ?? ''] ?? (numeric && input ? 'numbers' : 'values'), row, cell)
    return wrap(JSON.stringify(cell))
  })
}

const KINDS: Readonly<Record<string, string>> = { DT_STRING: 'text', DT_BOOL: 'truth values' }
