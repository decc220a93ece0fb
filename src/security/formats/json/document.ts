import type { Part } from '../../examination.ts'
import type { RuleId } from '../../rules.ts'
import { isList, isObject, type JsonObject, type JsonValue, type ReadJson } from './read-json.ts'

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

/** Where a value stands in a document. Written out only when it is asked for: documents have many values and few findings. */
export class JsonPath {
  private readonly parent: JsonPath | undefined
  private readonly step: string | number

  constructor(parent: JsonPath | undefined, step: string | number) {
    this.parent = parent
    this.step = step
  }

  /** `layers[2].config`, from its end where it is long. */
  toString(): string {
    let path = ''
    for (let at: JsonPath | undefined = this; at && path.length < 120; at = at.parent) {
      const step = typeof at.step === 'number' ? `[${at.step}]` : at.step.slice(0, 60)
      path = path === '' || path.startsWith('[') ? step + path : `${step}.${path}`
    }
    return path
  }
}

/** Every object of a document with the path to it. */
export function* objectsOf(
  values: readonly JsonValue[],
  root: JsonPath = new JsonPath(undefined, 'the document'),
): Generator<readonly [object: JsonObject, path: JsonPath]> {
  const open: (readonly [value: JsonValue, path: JsonPath])[] = values.map((value) => [value, root] as const).toReversed()
  for (let next = open.pop(); next; next = open.pop()) {
    const [value, path] = next
    const inner = path === root ? undefined : path
    if (isList(value)) {
      for (let i = value.length - 1; i >= 0; i--) {
        const member = value[i] ?? null
        if (typeof member === 'object' && member !== null) open.push([member, new JsonPath(inner, i)])
      }
    } else if (isObject(value)) {
      yield [value, path]
      for (let i = value.entries.length - 1; i >= 0; i--) {
        const [key, member] = value.entries[i]!
        if (typeof member === 'object' && member !== null) open.push([member, new JsonPath(inner, key)])
      }
    }
  }
}
