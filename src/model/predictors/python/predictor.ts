import type { Digest } from '../../../core/digest.ts'
import { UserError } from '../../../core/errors.ts'
import type { Label, Predictor } from '../../../core/predictor.ts'
import type { Table } from '../../../core/table.ts'
import type { PredictorOptions } from '../options.ts'
import { collectAnswers } from './answers.ts'
import { chooseInterpreter, type Interpreter } from './interpreter.ts'
import type { Message } from './messages.ts'
import { startPython, type PythonProcess } from './process.ts'
import { rowEncoder } from './rows.ts'

const TIMEOUT_MS = 120_000
/**
 * Rows of the first batch and of the largest. Each is four times the one before: Python has work at once, and later the cost of a call,
 * whatever its rows, is small beside theirs.
 */
const FIRST_ROWS = 2048
const MOST_ROWS = 131_072
/** Cells of a batch, for wide tables: 32 MB of numbers. */
const MOST_CELLS = 1 << 22
/** Batches that are sent and not answered: one that is worked on and the next, so that Python never waits for rows. */
const UNDER_WAY = 2
/** Of a slow model, batches stay so small that one takes this share of the time there is for an answer. */
const SHARE_OF_TIMEOUT = 1 / 8

/** What the worker is to load. */
export interface PythonModel {
  /** The fields of the request that `plimsoll_worker/loading.py` reads. */
  readonly load: Readonly<Record<string, unknown>>
  /** Of what is loaded; null when the worker tells it. */
  readonly digest: Digest | null
  /** The model's columns, when something beside the model names them. */
  readonly features?: readonly string[] | null
  /** Removes what was laid out for the worker. */
  readonly dispose?: () => void
}

/**
 * Starts Python and has it load a model.
 *
 * @throws UserError E_MODEL_UNSCANNED when the bytes are not those that were scanned, E_DEPENDENCY (no interpreter, or a package is
 *   missing), E_MEMORY, E_PREDICTOR
 */
export async function openInPython(model: PythonModel, name: string, options: PredictorOptions): Promise<Predictor> {
  const { cwd, env, say, signal, memory, timeout = TIMEOUT_MS } = options
  const interpreter = await chooseInterpreter(options)
  const python = startPython({ interpreter, name, cwd, env, timeout, memory, say })
  const module = model.load['module'] as string | undefined
  const session: Session = { python, name, interpreter, cwd, module, timeout, memory, whole: signal }
  const close = async () => {
    await python.close()
    model.dispose?.()
  }
  try {
    const { header } = await python.request({ op: 'load', ...model.load, ...(memory !== undefined && { memory }) }, [], signal)
    if (header['changed'] === true) {
      throw new UserError('E_MODEL_UNSCANNED', `${name} has changed since it was scanned; it was not loaded`)
    }
    refuse(header, session)
    return {
      kind: 'python',
      name,
      digest: model.digest ?? (header['digest'] as Digest | null),
      features: (header['features'] as string[] | null) ?? model.features ?? options.features ?? null,
      importances: header['importances'] as Record<string, number> | null,
      predict: predictWith(session, header, model.features ?? options.features ?? null),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

interface Session {
  readonly python: PythonProcess
  readonly name: string
  readonly interpreter: Interpreter
  readonly cwd: string
  /** Of the user's own code. */
  readonly module: string | undefined
  readonly timeout: number
  readonly memory: number | undefined
  readonly whole: AbortSignal | undefined
}

function predictWith(session: Session, loaded: Message['header'], named: readonly string[] | null): Predictor['predict'] {
  const { python, name, timeout, whole } = session
  const declared = loaded['classes'] as Label[] | null
  const features = (loaded['features'] as string[] | null) ?? named
  return async (table, { signal = whole, batchSize } = {}) => {
    const encode = rowEncoder(loaded['model'] === 'lightgbm' ? withUnderscores(table, features) : table, features, name)
    const most = batchSize === undefined ? batchRows(table, features) : Math.max(1, Math.floor(batchSize))
    let rows = batchSize === undefined ? Math.min(FIRST_ROWS, most) : most
    const sent: { readonly answer: Promise<Message>; readonly rows: number }[] = []
    const send = (from: number) => {
      const to = Math.min(table.rowCount, from + rows)
      const { header, parts } = encode(from, to)
      const answer = python.request({ op: 'predict', ...header }, parts, signal)
      answer.catch(() => {}) // it is awaited in its turn, or another has failed before
      sent.push({ answer, rows: to - from })
      return to
    }
    const answers = collectAnswers({ name, rowCount: table.rowCount, declared })
    let last = performance.now()
    for (let next = 0; next < table.rowCount || sent.length > 0;) {
      while (next < table.rowCount && sent.length < UNDER_WAY) next = send(next)
      const { answer, rows: asked } = sent.shift()!
      const message = await answer
      const now = performance.now()
      const affordable = (asked * timeout * SHARE_OF_TIMEOUT) / (now - last)
      if (4 * rows <= affordable) rows = Math.min(most, 4 * rows)
      last = now
      refuse(message.header, session)
      answers.add(message, asked)
    }
    return answers.predictions()
  }
}

/** LightGBM keeps names of columns with underscores in place of spaces. */
function withUnderscores(table: Table, features: readonly string[] | null): Table {
  const wanted = new Set(features)
  const renamed = Object.entries(table.columns).flatMap(([name, column]) => {
    const kept = name.replace(/\s/g, '_')
    return wanted.has(name) || !wanted.has(kept) ? [] : [[kept, column] as const]
  })
  return { rowCount: table.rowCount, columns: { ...Object.fromEntries(renamed), ...table.columns } }
}

/** The most rows of a batch. Only the size of the table decides, and a model so slow that time runs short: some round differently in other batches. */
function batchRows({ columns }: Table, features: readonly string[] | null): number {
  const width = features?.length ?? Object.keys(columns).length
  return Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_CELLS / Math.max(1, width))))
}

/** Turns an error that Python reported into one for the user, with the traceback. */
function refuse(header: Message['header'], session: Session): void {
  if (typeof header['error'] !== 'string') return
  const { name, python, interpreter, memory } = session
  const said = python.lastLines()
  const parts = [String(header['traceback']).trimEnd(), said === undefined ? '' : `It wrote to standard error:\n${said}`]
  const frame = parts.filter((part) => part !== '').join('\n\n') || undefined
  if (typeof header['missing'] === 'string') {
    throw new UserError('E_DEPENDENCY', `${name}: ${header['error']}`, { hint: missingHint(header['missing'], session), frame })
  }
  if (header['memory'] === true) {
    const limit = memory === undefined ? 'than there is' : `than the ${memory} bytes that it may take`
    throw new UserError('E_MEMORY', `${name}: the Python process needs more memory ${limit}: ${header['error']}`, {
      hint: memory === undefined ? undefined : 'Allow it more, or score fewer rows at once.',
      frame,
    })
  }
  throw new UserError('E_PREDICTOR', `${name}: ${header['error']}`, { hint: `It ran in ${told(interpreter)}.`, frame })
}

const told = ({ program, because }: Interpreter): string => `${program} (${because})`

function missingHint(missing: string, { module, interpreter, cwd }: Session): string {
  if (module !== undefined && module.split('.').includes(missing.split('.').at(-1)!)) {
    return `Modules are looked for in ${cwd}, in PYTHONPATH and among what is installed for ${told(interpreter)}.`
  }
  return `Install it for ${told(interpreter)}, or name an interpreter that has it: --python FILE, or PLIMSOLL_PYTHON.`
}
