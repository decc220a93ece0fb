import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { stopMarked } from './leftovers.ts'
import { processIdentity } from './process-identity.ts'

test.runIf(process.platform === 'linux')(
  'a process that was not remembered yet when its run was killed is stopped by its mark',
  async () => {
    const mark = `PLIMSOLL_RUN=${randomUUID()}`
    const [name, value] = mark.split('=') as [string, string]
    const marked = spawn('sleep', ['60'], { env: { ...process.env, [name]: value }, detached: true, stdio: 'ignore' })
    const other = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })
    try {
      expect(processIdentity(marked.pid!)).not.toBeNull()
      await stopMarked([mark, 'PLIMSOLL_RUN=another'])
      expect(processIdentity(marked.pid!)).toBeNull()
      expect(processIdentity(other.pid!)).not.toBeNull()
    } finally {
      other.kill('SIGKILL')
    }
  },
)
