import { expect, test } from 'vitest'
import { opcodeName, opcodeOf, OPCODES } from './opcodes.ts'

test('there are the 68 opcodes of protocols 0 to 5, each with a byte of its own', () => {
  expect(OPCODES).toHaveLength(68)
  expect(new Set(OPCODES.map(({ code }) => code)).size).toBe(68)
  expect(new Set(OPCODES.map(({ name }) => name)).size).toBe(68)
})

test('protocols add opcodes as in CPython', () => {
  const count = (protocol: number) => OPCODES.filter((opcode) => opcode.protocol === protocol).length
  // Counted from `pickletools.opcodes` of CPython 3.11.
  expect([0, 1, 2, 3, 4, 5].map(count)).toEqual([22, 19, 12, 2, 10, 3])
})

test('bytes are named', () => {
  expect(opcodeOf('R'.charCodeAt(0))?.name).toBe('REDUCE')
  expect(opcodeName(0xff)).toBe('0xff')
})
