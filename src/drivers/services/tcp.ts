import { connect, createServer, type AddressInfo } from 'node:net'

/** A port of 127.0.0.1 that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/** Whether a server takes connections, and, where something is sent, answers with bytes that begin as expected. */
export function answers(
  { host, port }: { readonly host: string; readonly port: number },
  exchange?: { readonly send: string; readonly expect: string },
  timeoutMs = 2000,
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const done = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(timeoutMs, () => done(false))
    socket.once('error', () => done(false))
    socket.once('close', () => done(false))
    socket.once('connect', () => (exchange ? socket.write(exchange.send) : done(true)))
    socket.once('data', (data) => done(data.toString('latin1').startsWith(exchange?.expect ?? '')))
  })
}
