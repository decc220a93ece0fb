import { expect, test } from 'vitest'
import { closing } from './closing.ts'

function resource() {
  const closed: string[] = []
  return { closed, close: () => void closed.push('closed') }
}

test('closed after work that is done at once, and after work that throws', () => {
  const one = resource()
  expect(closing(one, ({ closed }) => closed.length)).toBe(0)
  expect(one.closed).toEqual(['closed'])
  const other = resource()
  expect(() => closing(other, () => JSON.parse('{') as unknown)).toThrow(SyntaxError)
  expect(other.closed).toEqual(['closed'])
})

test('closed only when work that takes its time has ended, well or not', async () => {
  const one = resource()
  const working = closing(one, async ({ closed }) => (await Promise.resolve(), closed.length))
  expect(one.closed).toEqual([])
  expect(await working).toBe(0)
  expect(one.closed).toEqual(['closed'])
  const other = resource()
  await expect(closing(other, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(other.closed).toEqual(['closed'])
})
