import { killKeptProcesses } from '../drivers/leftovers.ts'
import { Interrupted, interruptedCode } from './errors.ts'

/**
 * Turns Ctrl-C, SIGTERM and a closed terminal into an abort, so that children are stopped and what was found is still
 * reported. A second one kills what is left and ends at once.
 */
export function listenForInterrupts(onFirst: () => void): AbortSignal {
  const controller = new AbortController()
  const stop = (signal: 'SIGINT' | 'SIGTERM') => {
    if (!controller.signal.aborted) {
      onFirst()
      controller.abort(new Interrupted(signal))
      return
    }
    killKeptProcesses()
    process.exit(interruptedCode(signal))
  }
  process.on('SIGINT', () => stop('SIGINT'))
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGHUP', () => stop('SIGTERM'))
  return controller.signal
}
