import { expect, test } from 'vitest'
import { ByteSize, parseByteSize } from './byte-size.ts'

test('a size is a number with its unit, decimal or binary', () => {
  expect(parseByteSize('512MB')).toBe(512_000_000)
  expect(parseByteSize(' 2 GiB ')).toBe(2 ** 31)
  expect(parseByteSize('1.5kb')).toBe(1500)
})

test('a bare number, no number and nothing are no size', () => {
  expect(['512', 'MB', '', '-1MB', '0GB', '1TB', '1 M B'].filter((text) => parseByteSize(text) !== undefined)).toEqual([])
  expect(ByteSize.safeParse('much').error?.issues[0]?.message).toBe('"much" is not a size; write 512MB or 2GB')
})
