import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import SevenZip from '7z-wasm'
import { wasmOf, type SevenZipJob, type SevenZipMessage } from './protocol.ts'

// A thread that runs 7-Zip, compiled to WebAssembly, on an archive that it reads through its parent. It has no files of its own:
// the archive is a file in memory whose bytes the parent answers for, and what is unpacked goes to standard output, which is the parent.

const { shared, size, type } = workerData as SevenZipJob
const signal = new Int32Array(shared, 0, 2)
const answer = new Uint8Array(shared, 8)
/** 64 MiB for the largest dictionary that 7-Zip's own levels use, and its buffers. */
const MOST_MEMORY = 112 * 2 ** 20
const MOST_LINES = 300_000

const send = (message: SevenZipMessage) => parentPort!.postMessage(message, [])

/** Sends, and waits until the parent has answered. */
function ask(message: SevenZipMessage): number {
  const before = Atomics.load(signal, 0)
  send(message)
  Atomics.wait(signal, 0, before)
  return Atomics.load(signal, 1)
}

const lines: string[] = []
const note = (line: string) => {
  if (lines.length < MOST_LINES) lines.push(line)
}

interface WasmImports {
  env: { emscripten_resize_heap: (size: number) => unknown }
}
const options = {
  print: note,
  printErr: note,
  quit: () => {},
  stdin: () => null,
  instantiateWasm(imports: WasmImports, receive: (instance: unknown) => void) {
    const grow = imports.env.emscripten_resize_heap
    imports.env.emscripten_resize_heap = (wanted) => (wanted >>> 0 > MOST_MEMORY ? 0 : grow(wanted))
    const binary = readFileSync(createRequire(import.meta.url).resolve('7z-wasm/7zz.wasm'))
    void wasmOf(binary, imports).then(receive)
    return {}
  },
}

const module = await (SevenZip as unknown as (options: unknown) => Promise<SevenZipModule>)(options)

interface Stream {
  position: number
}
interface SevenZipModule {
  callMain(parameters: string[]): number | undefined
  FS: {
    createFile(parent: string, name: string, properties: object, canRead: boolean, canWrite: boolean): { stream_ops: object }
    getStream(descriptor: number): { stream_ops: object }
  }
}

const file = module.FS.createFile('/', 'archive', {}, true, false)
Object.defineProperty(file, 'usedBytes', { get: () => size, set: () => {} })
file.stream_ops = {
  open() {},
  close() {},
  read(_stream: Stream, buffer: Int8Array, offset: number, length: number, position: number) {
    const wanted = Math.min(length, answer.length, size - position)
    if (wanted <= 0) return 0
    const count = ask({ read: { offset: position, length: wanted } })
    buffer.set(answer.subarray(0, count), offset)
    return count
  },
  llseek(stream: Stream, offset: number, whence: number) {
    return Math.max(0, whence === 1 ? stream.position + offset : whence === 2 ? size + offset : offset)
  },
}

/** `-p-` answers the question for a password; `-sccUTF-8` is how names are written. */
const COMMON = ['-p-', '-y', '-sccUTF-8', '-mmt=1', `-t${type}`]

function run(parameters: string[]): number {
  try {
    return module.callMain(parameters) ?? 2
  } catch {
    return 2
  }
}

if (type === '7z' || type === 'rar' || type === 'rar5') {
  const code = run(['l', '-slt', '-ba', ...COMMON, '/archive'])
  send({ listing: { code, lines: lines.splice(0) } })
}
const out = module.FS.getStream(1)
out.stream_ops = {
  ...out.stream_ops,
  write(_stream: Stream, buffer: Int8Array, offset: number, length: number) {
    ask({ chunk: Uint8Array.from(new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length)) })
    return length
  },
}
const code = run(['x', '-so', ...COMMON, '/archive'])
send({ end: { code, lines: lines.slice(0, 200) } })
