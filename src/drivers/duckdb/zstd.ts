import { Decompress } from 'fzstd'
import { Transform } from 'node:stream'

/** Unpacks Zstandard, frame after frame, without holding more than a window of it. It fails where the data is cut off. */
export function createUnzstd(): Transform {
  let emit: (bytes: Uint8Array) => void = () => {}
  const unpack = new Decompress((bytes) => emit(bytes))
  const step = (stream: Transform, chunk: Uint8Array, isLast: boolean, done: (error?: Error | null) => void): void => {
    // The window is overwritten later, so what comes out is copied.
    emit = (bytes) => bytes.length > 0 && stream.push(Buffer.from(bytes))
    try {
      unpack.push(chunk, isLast)
      done()
    } catch (error) {
      done(error as Error)
    }
  }
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      step(this, chunk, false, done)
    },
    flush(done) {
      step(this, new Uint8Array(0), true, done)
    },
  })
}
