import type { Column } from '../../../core/table.ts'
import { featureColumns } from '../columns.ts'
import { predictionsOf } from './answers.ts'
import type { Client } from './client.ts'
import type { Conversation } from './conversation.ts'
import type { PredictorOptions } from '../options.ts'

/**
 * The scoring server of MLflow, an address that ends in `/invocations`: columns are sent as `dataframe_split`, a data frame as pandas
 * writes it with `orient="split"`, and `predictions` come back. The server does not tell which columns the model reads: it gets those of
 * `options.features`, else whatever it is given, and picks by its signature.
 */
export function mlflowConversation(url: string, { name }: Client, options: PredictorOptions): Conversation {
  const features = options.features ?? null
  return {
    url,
    digest: null,
    features,
    datatypes: null,
    importances: null,
    encode(batch) {
      const columns = features ? featureColumns(batch, features, name) : new Map(Object.entries(batch.columns))
      const cells = [...columns.values()].map(cellsOf)
      const data = Array.from({ length: batch.rowCount }, (_, row) => cells.map((column) => column[row]))
      return JSON.stringify({ dataframe_split: { columns: [...columns.keys()], data } })
    },
    decode: (answer, rows) => predictionsOf(answer, rows, name, options, 'a scoring server of MLflow does'),
  }
}

/** What is missing is null, which pandas reads as NaN. */
const cellsOf = (column: Column): readonly unknown[] =>
  column instanceof Float64Array ? Array.from(column, (value) => (Number.isNaN(value) ? null : value)) : column
