import type { PGlite } from '@electric-sql/pglite'
import type { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { pathToFileURL } from 'node:url'
import { readLines } from '../line-reader.ts'
import { freePort } from './tcp.ts'

// A process of its own: PGlite in memory behind its socket server. The first line of its standard input is a JSON list of the
// paths of the two packages. Prints `listening on PORT`; ends when its standard input closes, so that it never outlives the
// process that started it.

const MAX_CONNECTIONS = 20

async function serve(pglite: string, socket: string): Promise<void> {
  const { PGlite: Database } = (await import(pathToFileURL(pglite).href)) as { PGlite: typeof PGlite }
  const { PGLiteSocketServer: Server } = (await import(pathToFileURL(socket).href)) as {
    PGLiteSocketServer: typeof PGLiteSocketServer
  }
  const [db, port] = [await Database.create(), await freePort()]
  await new Server({ db, port, host: '127.0.0.1', maxConnections: MAX_CONNECTIONS }).start()
  process.stdout.write(`listening on ${port}\n`)
}

process.on('SIGTERM', () => process.exit(0))
await readLines(process.stdin, (line) => void serve(...(JSON.parse(line) as [string, string])))
process.exit(0)
