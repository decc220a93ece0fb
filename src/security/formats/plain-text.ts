import type { ByteSource } from '../source.ts'

const TEXT_SAMPLE = 1 << 16

/** Whether the content is text: UTF-8 with no control characters, judged by its beginning and its end. */
export function isText(source: ByteSource): boolean {
  const head = source.read(0, TEXT_SAMPLE)
  if (!isPlainText(head, head.length < source.size)) return false
  return source.size <= TEXT_SAMPLE || !hasControls(source.read(source.size - TEXT_SAMPLE, TEXT_SAMPLE))
}

function isPlainText(sample: Uint8Array, cut: boolean): boolean {
  if (hasControls(sample)) return false
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: cut })
    return true
  } catch {
    return false
  }
}

const hasControls = (sample: Uint8Array) =>
  sample.some((byte) => byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12)
