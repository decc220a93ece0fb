import type { FileScan } from '../../src/security/file-scan.ts'
import type { Random } from '../../src/stats/random.ts'

export interface Input {
  readonly bytes: Uint8Array
  readonly name: string
  readonly kind: string
}
export function inputOf(seededRandom: (seed: number) => Random, seedNumber: number, index: number): Input
export function faultOf(scan: FileScan, milliseconds: number, hang?: number): string | undefined
