import { UserError } from '../../core/errors.ts'
import type { Label, Predictor } from '../../core/predictor.ts'
import { sliceTable, type Column, type Table } from '../../core/table.ts'
import { asNumbers, featureColumns, kindOfColumn } from './columns.ts'
import type { PredictorOptions } from './options.ts'
import type { Message } from './python-messages.ts'
import { startPython, type PythonProcess } from './python-process.ts'

const BATCH_ROWS = 10_000
const TIMEOUT_MS = 120_000

/**
 * A predictor for a pickle or joblib file: one Python child process loads it, after `admit` has let the file pass, and
 * answers until `close`. It needs an interpreter with the packages that the model was made with.
 *
 * @throws UserError E_MODEL_UNSCANNED, E_DEPENDENCY (no interpreter, or a package is missing), E_PREDICTOR
 */
export async function openPythonPredictor(path: string, name: string, options: PredictorOptions): Promise<Predictor> {
  const digest = await options.admit(path)
  const { cwd, env, say, signal, timeout = TIMEOUT_MS } = options
  const interpreter = options.python ?? env['PLIMSOLL_PYTHON'] ?? (process.platform === 'win32' ? 'python' : 'python3')
  const python = startPython({ interpreter, name, cwd, env, timeout, say })
  try {
    const { header } = await python.request({ op: 'load', path, digest }, Buffer.alloc(0), signal)
    if (header['changed'] === true) {
      throw new UserError('E_MODEL_UNSCANNED', `${name} has changed since it was scanned; it was not loaded`)
    }
    refuse(header, name, interpreter)
    const features = (header['features'] as string[] | null) ?? options.features ?? null
    return predictor(python, { name, interpreter, digest, features, loaded: header, whole: signal })
  } catch (error) {
    await python.close()
    throw error
  }
}

interface Loaded {
  readonly name: string
  readonly interpreter: string
  readonly digest: Predictor['digest']
  readonly features: readonly string[] | null
  readonly loaded: Message['header']
  readonly whole: AbortSignal | undefined
}

function predictor(python: PythonProcess, { name, interpreter, digest, features, loaded, whole }: Loaded): Predictor {
  const declared = loaded['classes'] as Label[] | null
  return {
    kind: 'python',
    name,
    digest,
    features,
    importances: loaded['importances'] as Record<string, number> | null,
    async predict(table, { signal = whole, batchSize = BATCH_ROWS } = {}) {
      const { rowCount } = table
      const labels: Label[] = []
      const parts: Float64Array[] = []
      let classes: readonly Label[] | null = null
      for (let from = 0; from < rowCount; from += Math.max(1, batchSize)) {
        const batch = rowCount <= batchSize ? table : sliceTable(table, from, from + batchSize)
        const { header, payload } = await python.request(...encodeRows(batch, features, name), signal)
        refuse(header, name, interpreter)
        const answer = decodeAnswer(header, payload, { name, rows: batch.rowCount, declared })
        for (const label of answer.labels) labels.push(label)
        if (answer.probabilities) parts.push(answer.probabilities)
        classes = answer.probabilities ? declared : null
      }
      return { rowCount, labels, classes, probabilities: classes ? concatenate(parts) : null }
    },
    close: () => python.close(),
  }
}

/** Turns an error that Python reported into one for the user, with the traceback. */
function refuse(header: Message['header'], name: string, interpreter: string): void {
  if (typeof header['error'] !== 'string') return
  const missing = header['missing'] === true
  throw new UserError(missing ? 'E_DEPENDENCY' : 'E_PREDICTOR', `${name}: ${header['error']}`, {
    hint: missing
      ? `Install it for ${interpreter}, or name an interpreter that has it: --python FILE, or PLIMSOLL_PYTHON.`
      : undefined,
    frame: String(header['traceback']).trimEnd(),
  })
}

function encodeRows(
  table: Table,
  features: readonly string[] | null,
  name: string,
): [header: Record<string, unknown>, payload: Buffer] {
  const columns = features ? featureColumns(table, features, name) : new Map(Object.entries(table.columns))
  const encoded = [...columns].map(([column, cells]) => ({ name: column, ...encodeColumn(cells) }))
  return [
    {
      op: 'predict',
      rows: table.rowCount,
      columns: encoded.map(({ name: column, kind, data }) => ({ name: column, kind, bytes: data.length })),
    },
    Buffer.concat(encoded.map(({ data }) => data)),
  ]
}

function encodeColumn(column: Column): { kind: 'numbers' | 'json'; data: Buffer } {
  const numbers = kindOfColumn(column) === 'number' ? asNumbers(column) : undefined
  if (numbers === undefined) return { kind: 'json', data: Buffer.from(JSON.stringify(column)) }
  return { kind: 'numbers', data: Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength) }
}

interface Expected {
  readonly name: string
  readonly rows: number
  readonly declared: readonly Label[] | null
}

function decodeAnswer(
  header: Message['header'],
  payload: Buffer,
  { name, rows, declared }: Expected,
): { labels: Label[]; probabilities: Float64Array | null } {
  const labelBytes = Number(header['labelBytes'])
  const text = header['labels'] === 'text'
  const labels: Label[] = text
    ? (JSON.parse(payload.subarray(0, labelBytes).toString('utf8')) as string[])
    : Array.from(floats(payload.subarray(0, labelBytes)))
  if (labels.length !== rows) {
    throw new UserError('E_PREDICTOR', `${name}: predict() answered ${labels.length} predictions for ${rows} rows`)
  }
  const shape = header['shape'] as number[] | undefined
  if (shape === undefined) return { labels, probabilities: null }
  if (shape.length !== 2 || shape[0] !== rows || shape[1] !== declared?.length) {
    const wanted = declared ? `${rows} × ${declared.length}` : 'classes_ on the model'
    throw new UserError('E_PREDICTOR', `${name}: predict_proba() answered ${shape.join(' × ')} values; expected ${wanted}`)
  }
  return { labels, probabilities: floats(payload.subarray(labelBytes)) }
}

/** A copy, because the bytes need not lie on an 8-byte boundary. */
function floats(bytes: Buffer): Float64Array {
  const copy = new Uint8Array(bytes)
  return new Float64Array(copy.buffer, 0, copy.length / 8)
}

function concatenate(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
