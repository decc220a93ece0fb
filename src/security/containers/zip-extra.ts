import { utf8 } from '../pickle/literals.ts'

const ZIP64 = 0x0001
const UNICODE_PATH = 0x7075
const U32 = 0xffffffff

/** The content of an extra field. Source: APPNOTE 4.5.1; padding that writers put there for alignment is stepped over. */
function extraField(extra: Uint8Array, wanted: number): Uint8Array | undefined {
  const view = new DataView(extra.buffer, extra.byteOffset, extra.length)
  for (let at = 0; at + 4 <= extra.length;) {
    const length = view.getUint16(at + 2, true)
    if (view.getUint16(at, true) === wanted) return extra.subarray(at + 4, at + 4 + length)
    at += 4 + length
  }
  return undefined
}

/** 64-bit values of the extra field 0x0001 in place of those that are all ones. Source: APPNOTE 4.5.3. */
export function withZip64(extra: Uint8Array, values: readonly number[]): readonly number[] {
  if (extra.length === 0 || !values.includes(U32)) return values
  const field = extraField(extra, ZIP64)
  if (!field) return values
  const view = new DataView(field.buffer, field.byteOffset, field.length)
  let from = 0
  return values.map((value) => {
    if (value !== U32 || from + 8 > field.length) return value
    from += 8
    return Number(view.getBigUint64(from - 8, true))
  })
}

/** The name that readers that know the extra field 0x7075 use instead: a version byte, a checksum, the name. Source: APPNOTE 4.6.9. */
export function unicodePath(extra: Uint8Array): string | undefined {
  const field = extra.length === 0 ? undefined : extraField(extra, UNICODE_PATH)
  return field === undefined || field.length < 5 ? undefined : utf8(field.subarray(5))
}
