import { parentPort, workerData } from 'node:worker_threads'
import { generateLoad } from './generate.ts'
import type { LoadPlan } from './load-plan.ts'

/** The thread that sends a load: nothing else that the process does may delay a request. */
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort!.postMessage(await generateLoad(workerData as LoadPlan))
