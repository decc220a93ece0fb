/** The formats that 7-Zip is asked for, by its own names for them. */
export type SevenZipType = '7z' | 'rar' | 'rar5' | 'lzma' | 'xz' | 'bzip2' | 'zip'

/** What the thread is started with. */
export interface SevenZipJob {
  /** Two 32-bit numbers, a counter of answers and the length of the last one; then room for its bytes. */
  readonly shared: SharedArrayBuffer
  readonly size: number
  readonly type: SevenZipType
}

/** What the thread says. After `read` and `chunk` it waits for the counter to change. */
export interface SevenZipMessage {
  readonly read?: { readonly offset: number; readonly length: number }
  readonly chunk?: Uint8Array
  readonly listing?: SevenZipEnd
  readonly end?: SevenZipEnd
}

/** Exit code and what was printed. */
export interface SevenZipEnd {
  readonly code: number
  readonly lines: readonly string[]
}

/** WebAssembly is not among the types of Node 20. */
export async function wasmOf(binary: Uint8Array, imports: unknown): Promise<unknown> {
  const { WebAssembly } = globalThis as unknown as {
    WebAssembly: { instantiate(binary: Uint8Array, imports: unknown): Promise<{ instance: unknown }> }
  }
  return (await WebAssembly.instantiate(binary, imports)).instance
}
