import { createInterface } from 'node:readline/promises'
import type { Channel } from './terminal.ts'

/** Asks a yes-or-no question; anything but a yes is a no. */
export async function askOnTerminal(talk: Channel, question: string, signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  // readline takes Ctrl-C for itself; it is to end the run as everywhere else.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal })
    return /^y(es)?$/i.test(answer.trim())
  } catch (error) {
    signal.throwIfAborted()
    talk.write('\n')
    if ((error as NodeJS.ErrnoException).code === 'ABORT_ERR') return false
    throw error
  } finally {
    lines.close()
  }
}
