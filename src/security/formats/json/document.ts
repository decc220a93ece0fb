import type { Part } from '../../examination.ts'
import type { RuleId } from '../../rules.ts'
import type { JsonObject, JsonValue, ReadJson } from './read-json.ts'

/** JSON that is being examined: the whole of a file, or a text in one. */
export interface JsonDocument extends ReadJson {
  readonly part: Part
  /** Where the text begins in the part; undefined where characters of the text cannot be counted as bytes of the part. */
  readonly start: number | undefined
}

/** Looks for one kind of thing in a document, and reports it. */
export type DocumentCheck = (document: JsonDocument) => void | Promise<void>

/** Reports something about an object of a document. */
export function reportAt(document: JsonDocument, rule: RuleId, object: JsonObject | undefined, message: string): void {
  const { part, start } = document
  const offset = start === undefined ? undefined : start + (object?.start ?? 0)
  part.examination.report(rule, { message, part, ...(offset !== undefined && { offset }) })
}

/** Every object of a document with the path to it: `layers[2].config`. */
export function* objectsOf(values: readonly JsonValue[]): Generator<readonly [object: JsonObject, path: string]> {
  const open: { value: JsonValue; path: string }[] = values.map((value) => ({ value, path: '' })).toReversed()
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, path } = next
    if (Array.isArray(value)) {
      for (let i = value.length - 1; i >= 0; i--) {
        const member = (value as readonly JsonValue[])[i] ?? null
        if (typeof member === 'object' && member !== null) open.push({ value: member, path: `${path}[${i}]` })
      }
    } else if (typeof value === 'object' && value !== null) {
      const object = value as JsonObject
      yield [object, path === '' ? 'the document' : path.slice(-120)]
      for (const [key, member] of object.entries.toReversed()) {
        if (typeof member === 'object' && member !== null)
          open.push({ value: member, path: path === '' ? key.slice(0, 60) : `${path}.${key.slice(0, 60)}` })
      }
    }
  }
}
