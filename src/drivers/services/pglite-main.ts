import type { PGlite } from '@electric-sql/pglite'
import type { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { pathToFileURL } from 'node:url'
import { freePort } from './tcp.ts'

// A process of its own: PGlite in memory behind its socket server. Parameters: the paths of the two packages.
// Prints `listening on PORT`; ends when its standard input closes, so that it never outlives the process that started it.

const MAX_CONNECTIONS = 20

const [pglite, socket] = process.argv.slice(2) as [string, string]
const { PGlite: Database } = (await import(pathToFileURL(pglite).href)) as { PGlite: typeof PGlite }
const { PGLiteSocketServer: Server } = (await import(pathToFileURL(socket).href)) as {
  PGLiteSocketServer: typeof PGLiteSocketServer
}

process.stdin.resume()
process.stdin.on('close', () => process.exit(0))
process.on('SIGTERM', () => process.exit(0))

const db = await Database.create()
const port = await freePort()
await new Server({ db, port, host: '127.0.0.1', maxConnections: MAX_CONNECTIONS }).start()
process.stdout.write(`listening on ${port}\n`)
