import { Worker } from 'node:worker_threads'
import { builtModule } from '../drivers/self.ts'
import type { LoadPlan, LoadTally } from './load-plan.ts'

/**
 * Puts a load on an endpoint from a thread of its own and waits for the last answer.
 *
 * @throws the signal's reason when aborted; the load stops at once
 */
export async function runLoad(plan: LoadPlan, signal?: AbortSignal): Promise<LoadTally> {
  signal?.throwIfAborted()
  if (plan.bodies.length === 0) throw new RangeError('a load needs at least one payload')
  const worker = new Worker(builtModule('load/worker'), { workerData: plan })
  let stop = () => {}
  try {
    return await new Promise<LoadTally>((resolve, reject) => {
      stop = () => reject(signal?.reason as Error)
      signal?.addEventListener('abort', stop, { once: true })
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', (code) => reject(new Error(`the load generator ended with code ${code} and no result`)))
    })
  } finally {
    signal?.removeEventListener('abort', stop)
    await worker.terminate()
  }
}
