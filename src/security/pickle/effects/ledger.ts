import type { ByteSource } from '../../source.ts'
import type { Dtype } from '../dtypes.ts'
import type { Containers } from '../machine/containers.ts'
import type { Problems } from '../machine/problems.ts'
import type { ImportTable } from './imports.ts'
import type { NestedBytes } from './nested.ts'
import type { Storages } from './torch-storages.ts'

/** Where the effects of one machine are written down. */
export interface Ledger {
  readonly source: ByteSource
  readonly imports: ImportTable
  readonly problems: Problems
  readonly containers: Containers
  readonly dtypes: Dtype[]
  /** Bytes and texts that a call hands to another loader. */
  readonly nested: NestedBytes[]
  /** Offsets of the opcodes that push bytes or a text which begins as a pickle does. */
  readonly embedded: number[]
  readonly storages: Storages
  /** The machine stops where CPython does; see PickleMachine. */
  readonly strict: boolean
}
