import type { IncomingMessage } from 'node:http'
import { RequestError } from './protocol.ts'

/** A body this many times too large is cut off; one that is a little too large is read to its end and thrown away. */
const CUT_OFF_FACTOR = 8

/**
 * The body of a request as text.
 *
 * A client that is still sending does not see an answer before its connection breaks. So a body that is too large is
 * refused when it has come in whole, without being kept, and only a huge one at once.
 *
 * @throws RequestError 413 when it has more than `maxBytes`; 400 when the client stops halfway
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const tooLarge = () => new RequestError(413, `the body is larger than ${maxBytes} bytes`, { connection: 'close' })
    const announced = Number(request.headers['content-length'] ?? 0)
    if (announced > maxBytes * CUT_OFF_FACTOR) return reject(tooLarge())
    let chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= maxBytes) chunks.push(chunk)
      else chunks = []
      if (length > maxBytes * CUT_OFF_FACTOR) reject(tooLarge())
    })
    request.on('end', () => {
      if (length > maxBytes) reject(tooLarge())
      else resolve(chunks.length === 1 ? chunks[0]!.toString('utf8') : Buffer.concat(chunks).toString('utf8'))
    })
    request.on('close', () => reject(new RequestError(400, 'the body ended too early')))
    request.on('error', () => reject(new RequestError(400, 'the body ended too early')))
  })
}
