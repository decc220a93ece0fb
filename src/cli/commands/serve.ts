import { basename, extname } from 'node:path'
import { systemClock } from '../../core/clock.ts'
import { shortDigest } from '../../core/digest.ts'
import { UserError } from '../../core/errors.ts'
import type { StepContext } from '../../core/step.ts'
import { digestFile, requirePath } from '../../drivers/files.ts'
import { openPredictor, type PredictorOptions } from '../../model/predictors/open.ts'
import { openLifeline } from '../../serve/lifeline.ts'
import { createInferenceServer } from '../../serve/server.ts'
import type { Session } from '../session.ts'

/** The flags of `plimsoll serve`, as they come from the command line. */
export interface ServeFlags {
  readonly model: string
  readonly modelName?: string
  readonly modelVersion?: string
  /** The server refuses to start on other bytes. */
  readonly modelDigest?: string
  readonly release?: string
  readonly host?: string
  readonly port?: number
  readonly features?: string
  readonly python?: string
}

const DEFAULT_PORT = 8080

/**
 * Serves a model until it is asked to end, then finishes what is under way.
 *
 * @throws UserError when the model cannot be loaded or does not predict, or the port is taken
 */
export async function serveCommand(session: Session, flags: ServeFlags): Promise<number> {
  const { cwd, env, stateDir } = session
  const path = await requirePath(cwd, flags.model, 'The model')
  const lifeline = openLifeline()
  const { signal } = lifeline
  const say = (line: string) => session.say(line)
  const context: StepContext = {
    cwd,
    stateDir,
    env,
    signal,
    say,
    clock: systemClock,
    git: { commit: null, branch: null, dirty: false },
    run: null,
    assumeYes: false,
    ask: null,
  }
  // Stopping breaks off the loading of the model, but not what it is asked: that is drained.
  const loading = new AbortController()
  const stopLoading = () => loading.abort(signal.reason)
  signal.addEventListener('abort', stopLoading, { once: true })
  const options: PredictorOptions = {
    cwd,
    env,
    signal: loading.signal,
    say,
    // Loaded for the models that need it alone: the scanner would cost every start its time.
    admit: async (path) => (await import('../../steps/admit-model.ts')).admitModel(context)(path),
    ...(flags.features !== undefined && { features: flags.features.split(',').map((name) => name.trim()) }),
    ...(flags.python !== undefined && { python: flags.python }),
  }
  try {
    const predictor = await openPredictor(path, options)
    signal.removeEventListener('abort', stopLoading)
    try {
      const digest = predictor.digest ?? (await digestFile(path))
      requireDigest(digest, flags.modelDigest)
      const modelName = flags.modelName ?? basename(path, extname(path))
      const server = await createInferenceServer({
        predictor,
        modelName,
        modelVersion: flags.modelVersion ?? '1',
        modelDigest: digest,
        releaseId: flags.release ?? 'none',
        ...(flags.host !== undefined && { host: flags.host }),
        port: flags.port ?? DEFAULT_PORT,
        say,
      })
      say(`${modelName} (${shortDigest(digest)}) answers at ${server.url}/v2/models/${encodeURIComponent(modelName)}`)
      lifeline.ready(server.port)
      await lifeline.stopped
      await server.drain()
    } finally {
      await predictor.close()
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    lifeline.close()
  }
  return 0
}

function requireDigest(digest: string, expected: string | undefined): void {
  if (expected === undefined || expected === digest) return
  throw new UserError('E_CONFLICT', `The model file has digest ${digest}, but the release is of ${expected}`, {
    hint: 'The file was changed after the release was made. Deploy again.',
  })
}
