import type { Part } from '../../examination.ts'
import type { RuleId } from '../../rules.ts'
import { isObject, type JsonArray, type JsonObject, type JsonValue, type ReadJson } from './read-json.ts'

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
    const own = typeof this.step === 'number' ? `[${this.step}]` : this.step.slice(0, 60)
    let path = own
    for (let at = this.parent; at && path.length < 120; at = at.parent) {
      const step = typeof at.step === 'number' ? `[${at.step}]` : at.step.slice(0, 60)
      path = path.startsWith('[') ? step + path : `${step}.${path}`
    }
    return path
  }
}

/** Every object of a document with the path to it. */
export function* objectsOf(
  values: readonly JsonValue[],
  root: JsonPath = new JsonPath(undefined, 'the document'),
): Generator<readonly [object: JsonObject, path: JsonPath]> {
  const open: Place[] = []
  for (const top of values) {
    if (isContainer(top)) open.push({ container: top, path: root, next: 0 })
    for (let place = open.at(-1); place; place = open.at(-1)) {
      const { container, path } = place
      if (place.next === 0 && isObject(container)) yield [container, path]
      const members = isObject(container) ? container.entries : container
      const inner = path === root ? undefined : path
      let isOpen = false
      while (!isOpen && place.next < members.length) {
        const at = place.next++
        const member = isObject(container) ? container.entries[at]![1] : container[at]
        if (!isContainer(member)) continue
        open.push({ container: member, path: new JsonPath(inner, isObject(container) ? container.entries[at]![0] : at), next: 0 })
        isOpen = true
      }
      if (!isOpen) open.pop()
    }
  }
}

/** An object or a list that is being walked, and the member that comes next. */
interface Place {
  readonly container: JsonObject | JsonArray
  readonly path: JsonPath
  next: number
}

const isContainer = (value: JsonValue | undefined): value is JsonObject | JsonArray => typeof value === 'object' && value !== null
