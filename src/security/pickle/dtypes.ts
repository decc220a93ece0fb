/** What is known of a NumPy dtype: how many bytes an item has, and whether items are Python objects. */
export interface Dtype {
  /** Undefined when it cannot be told. */
  itemSize: number | undefined
  hasObject: boolean | undefined
}

const SIZE_OF_LETTER: Readonly<Record<string, number>> = {
  '?': 1, b: 1, B: 1, h: 2, H: 2, i: 4, I: 4, l: 8, L: 8, q: 8, Q: 8, e: 2, f: 4, d: 8, g: 16, F: 8, D: 16, G: 32, c: 1,
} // prettier-ignore
const SIZE_OF_NAME: Readonly<Record<string, number>> = {
  bool: 1, int8: 1, uint8: 1, int16: 2, uint16: 2, int32: 4, uint32: 4, int64: 8, uint64: 8, float16: 2, float32: 4, float64: 8, complex64: 8, complex128: 16,
} // prettier-ignore

/** The dtype of a type string such as `<f8`, `|O`, `V64`, `U10`. Source: NumPy's array interface protocol. */
export function dtypeOf(typeString: string): Dtype {
  const text = typeString.replace(/^[<>=|]/, '')
  if (text === 'O' || text === 'O8' || text === 'O4' || text === 'object') return { itemSize: 8, hasObject: true }
  if (Object.hasOwn(SIZE_OF_NAME, text)) return { itemSize: SIZE_OF_NAME[text], hasObject: false }
  const sized = /^([?biufcSUVmMa])(\d+)(\[[^\]]*\])?$/.exec(text)
  if (sized) {
    const size = Number(sized[2])
    // Whether a structure holds objects is told by the state that follows.
    return { itemSize: sized[1] === 'U' ? size * 4 : size, hasObject: sized[1] === 'V' ? undefined : false }
  }
  return { itemSize: SIZE_OF_LETTER[text], hasObject: Object.hasOwn(SIZE_OF_LETTER, text) ? false : undefined }
}
