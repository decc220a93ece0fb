import type { ByteSource } from '../../source.ts'
import type { Containers } from '../machine/containers.ts'
import type { Dtype } from '../dtypes.ts'
import type { ImportTable } from './imports.ts'
import type { Problems } from '../machine/problems.ts'
import type { Storages } from './torch-storages.ts'

/** Bytes inside a pickle that a call hands to another loader. */
export interface NestedBytes {
  readonly offset: number
  readonly length: number
  readonly loader: string
}

/** Where the effects of one machine are written down. */
export interface Ledger {
  readonly source: ByteSource
  readonly imports: ImportTable
  readonly problems: Problems
  readonly containers: Containers
  readonly dtypes: Dtype[]
  readonly nested: NestedBytes[]
  readonly storages: Storages
  /** The machine stops where CPython does; see PickleMachine. */
  readonly strict: boolean
}
