import type { Random } from '../../src/stats/random.ts'

export const CALLS: readonly string[]
export const NAMINGS: readonly string[]
export interface Payload {
  readonly module: string
  readonly name: string
  readonly naming: string
  readonly call: string
  readonly argument?: string
}
export function payload(random: Random, what: Payload): number[]
export function program(random: Random, options?: { depth?: number; protocol?: number; place?: readonly number[] }): Uint8Array
export function wildProgram(random: Random): Uint8Array
