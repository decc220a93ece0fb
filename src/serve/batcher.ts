import { slicePredictions, type Predictions, type Predictor } from '../core/predictor.ts'
import type { Column, Table } from '../core/table.ts'
import { RequestError } from './protocol.ts'

export interface BatcherOptions {
  /** Rows per call of the model. A single request with more goes alone. */
  readonly maxBatchRows: number
  /** Rows that may wait; more are refused. */
  readonly maxQueuedRows: number
  /** Told of every call of the model. */
  readonly onBatch?: (rows: number, requests: number) => void
}

export interface Batcher {
  /**
   * Predictions of these rows.
   *
   * @param layout tables with the same layout have the same columns of the same kinds, so that they can share a call
   * @throws RequestError 429 when too many rows wait; whatever the predictor throws for these rows
   */
  submit(table: Table, layout: string): Promise<Predictions>
  queuedRows(): number
}

interface Waiting {
  readonly table: Table
  readonly layout: string
  readonly resolve: (predictions: Predictions) => void
  readonly reject: (reason: unknown) => void
}

/**
 * Batch-while-busy: the model is called as soon as it is free, with everything that came in meanwhile. A request never
 * waits for company, and under load the batches grow by themselves.
 */
export function createBatcher(predictor: Predictor, { maxBatchRows, maxQueuedRows, onBatch }: BatcherOptions): Batcher {
  const queue: Waiting[] = []
  let queuedRows = 0
  let busy = false

  function takeBatch(): Waiting[] {
    const first = queue[0]!
    let rows = first.table.rowCount
    let end = 1
    while (end < queue.length) {
      const next = queue[end]!
      if (next.layout !== first.layout || rows + next.table.rowCount > maxBatchRows) break
      rows += next.table.rowCount
      end++
    }
    queuedRows -= rows
    return queue.splice(0, end)
  }

  async function predict(table: Table, requests: number): Promise<Predictions> {
    onBatch?.(table.rowCount, requests)
    const predictions = await predictor.predict(table)
    if (predictions.rowCount === table.rowCount) return predictions
    throw new Error(`the predictor answered ${predictions.rowCount} rows for ${table.rowCount}`)
  }

  async function answer(batch: readonly Waiting[]): Promise<void> {
    try {
      if (batch.length === 1) return batch[0]!.resolve(await predict(batch[0]!.table, 1))
      const predictions = await predict(concatTables(batch.map(({ table }) => table)), batch.length)
      let from = 0
      for (const { table, resolve } of batch) {
        resolve(slicePredictions(predictions, from, from + table.rowCount))
        from += table.rowCount
      }
    } catch (error) {
      if (batch.length === 1) return batch[0]!.reject(error)
      // One request may have spoilt the call for all: each gets a call of its own, and its own error.
      for (const waiting of batch) await answer([waiting])
    }
  }

  async function work(): Promise<void> {
    while (queue.length > 0) await answer(takeBatch())
    busy = false
  }

  return {
    submit(table, layout) {
      return new Promise((resolve, reject) => {
        if (queuedRows > 0 && queuedRows + table.rowCount > maxQueuedRows) {
          return reject(new RequestError(429, 'too many requests are waiting; try again later', { 'retry-after': '1' }))
        }
        queue.push({ table, layout, resolve, reject })
        queuedRows += table.rowCount
        if (busy) return
        busy = true
        // After this turn's I/O: what came in with this request shares its call.
        setImmediate(() => void work())
      })
    },
    queuedRows: () => queuedRows,
  }
}

/** Tables of the same columns, one under the other. */
function concatTables(tables: readonly Table[]): Table {
  const rowCount = tables.reduce((rows, table) => rows + table.rowCount, 0)
  const columns: Record<string, Column> = {}
  for (const name of Object.keys(tables[0]!.columns)) {
    columns[name] = concatColumns(
      tables.map((table) => table.columns[name]!),
      rowCount,
    )
  }
  return { rowCount, columns }
}

function concatColumns(parts: readonly Column[], rowCount: number): Column {
  if (!(parts[0] instanceof Float64Array)) return parts.flatMap((part) => [...part])
  const joined = new Float64Array(rowCount)
  let offset = 0
  for (const part of parts) {
    joined.set(part as Float64Array, offset)
    offset += part.length
  }
  return joined
}
