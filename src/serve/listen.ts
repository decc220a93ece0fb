import type { Server } from 'node:net'
import { messageOf, UserError } from '../core/errors.ts'

/**
 * Starts to listen.
 *
 * @throws UserError E_CONFLICT when the port is taken, E_NETWORK when it cannot be listened on for another reason
 */
export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new UserError('E_CONFLICT', `Port ${port} on ${host} is in use`, {
              hint: 'Stop what listens there, or choose another port.',
              cause: error,
            })
          : new UserError('E_NETWORK', `Cannot listen on ${host}:${port}: ${messageOf(error)}`, { cause: error }),
      )
    })
    server.listen(port, host, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}
