import type { Part } from '../../examination.ts'
import type { RuleId } from '../../rules.ts'
import type { ByteSource } from '../../source.ts'
import { fieldsOf, type WireField } from '../protobuf/wire.ts'

/** Where a model is examined, and what was said of it. */
export interface OnnxWalk {
  readonly source: ByteSource
  readonly part: Part
  /** Domains of functions that the model defines itself. */
  readonly ownDomains: ReadonlySet<string>
  report(rule: RuleId, offset: number, message: string): void
}

/** The fields of a message that are messages or texts. */
export function* nested({ source }: OnnxWalk, { start, end }: WireField): Generator<WireField> {
  for (const field of fieldsOf(source, start, end)) if (field.type === 'bytes') yield field
}
