import { Worker } from 'node:worker_threads'
import { builtModule } from '../../../drivers/self.ts'
import type { ByteSource } from '../../source.ts'
import { BrokenStream, damaged, type Decoder } from '../decoder.ts'
import type { SevenZipEnd, SevenZipJob, SevenZipMessage, SevenZipType } from './protocol.ts'

const ANSWER_BYTES = 1 << 18
/** After this time without a word, the scan gets to look at its clock. */
const TICK = 250
/** After so many ticks without a word, 7-Zip is taken to be stuck. */
const MOST_TICKS = 80

/** 7-Zip in a thread of its own, with bounded memory, that is ended when it hangs or is no longer wanted. */
export class SevenZip {
  readonly #worker: Worker
  readonly #signal: Int32Array
  readonly #answer: Uint8Array
  readonly #inbox: SevenZipMessage[] = []
  #arrived: () => void = () => {}
  #dead = false

  constructor(source: ByteSource, type: SevenZipType) {
    const shared = new SharedArrayBuffer(8 + ANSWER_BYTES)
    this.#signal = new Int32Array(shared, 0, 2)
    this.#answer = new Uint8Array(shared, 8)
    const workerData: SevenZipJob = { shared, size: source.size, type }
    this.#worker = new Worker(builtModule('security/containers/seven-zip/worker'), {
      workerData,
      execArgv: [],
      env: {},
      argv: [],
      stdin: true,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 },
    })
    this.#worker.unref()
    this.#worker.on('message', (message: SevenZipMessage) => {
      if (message.read) return this.#serve(source, message.read)
      this.#inbox.push(message)
      this.#arrived()
    })
    const ended = () => {
      this.#dead = true
      this.#arrived()
    }
    this.#worker.on('error', ended)
    this.#worker.on('exit', ended)
  }

  /** The members as 7-Zip lists them, before any of them is unpacked. */
  async listing(): Promise<SevenZipEnd> {
    for (let ticks = 0; ticks < MOST_TICKS; ticks++) {
      const message = await this.#next()
      if (message?.listing) return message.listing
      if (this.#dead) break
    }
    throw damaged('7-Zip cannot list it', 0)
  }

  /** The content of all members, one after the other, as it is unpacked. */
  async *content(): AsyncGenerator<Uint8Array, SevenZipEnd, void> {
    let ticks = 0
    while (ticks++ < MOST_TICKS) {
      const message = await this.#next()
      if (message?.end) return message.end
      if (message?.chunk) {
        ticks = 0
        yield message.chunk
        this.#reply(0)
      } else if (this.#dead) throw damaged('7-Zip broke off', 0)
      else yield new Uint8Array(0)
    }
    throw new BrokenStream('limit', '7-Zip did not go on', 0)
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  async #next(): Promise<SevenZipMessage | undefined> {
    const ready = this.#inbox.shift()
    if (ready || this.#dead) return ready
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, TICK)
      this.#arrived = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    return this.#inbox.shift()
  }

  #serve(source: ByteSource, { offset, length }: { offset: number; length: number }): void {
    const bytes = source.read(offset, Math.min(length, this.#answer.length))
    this.#answer.set(bytes)
    this.#reply(bytes.length)
  }

  #reply(length: number): void {
    Atomics.store(this.#signal, 1, length)
    Atomics.add(this.#signal, 0, 1)
    Atomics.notify(this.#signal, 0)
  }
}

/** A decoder of one compressed stream, made of 7-Zip. */
export const decodeWith7Zip = (type: SevenZipType): Decoder =>
  async function* (source) {
    const program = new SevenZip(source, type)
    try {
      const { code, lines } = yield* program.content()
      if (code > 1) throw brokenBy(lines)
      return source.size
    } finally {
      await program.close()
    }
  }

/** Why 7-Zip stopped, told by what it printed. */
export function brokenBy(lines: readonly string[]): BrokenStream {
  const text = lines.join('\n')
  if (/password|encrypted/i.test(text)) return new BrokenStream('encrypted', 'it is encrypted', 0)
  if (/allocate|memory/i.test(text)) return new BrokenStream('limit', 'it asks for more memory than the scan gives', 0)
  if (/data after the end/i.test(text)) return damaged('data follow its end', 0)
  if (/unsupported/i.test(text)) return new BrokenStream('unopened', 'it uses a method that is not known', 0)
  return damaged('7-Zip cannot unpack it', 0)
}
