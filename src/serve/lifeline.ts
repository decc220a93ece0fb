import type { ReadyMessage } from './server-process.ts'

/** A server's side of the channel to its supervisor; without a supervisor, just its signals. */
export interface Lifeline {
  /** Aborts when the server is to end: on SIGTERM or SIGINT, or when its supervisor is gone, however it went. */
  readonly signal: AbortSignal
  /** Resolves when the signal aborts. */
  readonly stopped: Promise<void>
  /** Tells the supervisor, if there is one, that the server is ready. */
  ready(port: number): void
  /** Lets the process end. */
  close(): void
}

/** Takes over this process's SIGTERM and SIGINT. Call before anything that takes long. */
export function openLifeline(): Lifeline {
  const ending = new AbortController()
  const stop = () => ending.abort(new Error('the server was asked to end'))
  const stopped = new Promise<void>((resolve) => ending.signal.addEventListener('abort', () => resolve(), { once: true }))
  const signals = ['SIGTERM', 'SIGINT'] as const
  for (const signal of signals) process.on(signal, stop)
  process.once('disconnect', stop)
  return {
    signal: ending.signal,
    stopped,
    ready(port) {
      const message: ReadyMessage = { type: 'ready', port }
      if (process.connected) process.send?.(message)
    },
    close() {
      for (const signal of signals) process.off(signal, stop)
      process.off('disconnect', stop)
      if (process.connected) process.disconnect()
    },
  }
}
