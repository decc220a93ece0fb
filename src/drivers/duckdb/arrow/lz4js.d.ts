declare module 'lz4js' {
  /** Unpacks one LZ4 frame into a buffer of `size` bytes, and returns it, shorter when less came out. */
  const lz4: { decompress(frame: Uint8Array, size: number): Uint8Array }
  export default lz4
}
