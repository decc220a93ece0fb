import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Alias,
  type Document,
  type Node,
  type Pair,
} from 'yaml'
import type { Location } from '../../core/check.ts'
import { UserError, type ErrorCode } from '../../core/errors.ts'
import { pointerTo } from '../scan/json-cell.ts'

/** A member of a JSON object, or an item of a list, with its place in the document. */
export interface Member {
  readonly name: string
  /** Where it is pointed at: the key, or the item. */
  readonly key: Node
  readonly value: Node
  /** JSON Pointer. */
  readonly pointer: string
}

/** A schema's text as a tree whose every node has a place. */
export interface SchemaDocument {
  readonly file: string
  readonly root: Node
  /** Undefined when the node is no object. */
  readonly members: (node: Node, pointer: string) => Member[] | undefined
  /** Undefined when the node is no list. */
  readonly items: (node: Node, pointer: string) => Member[] | undefined
  json(node: Node): unknown
  locate(node: Node): Location
  /** An error at a place, with the offending line. */
  mistake(code: ErrorCode, at: Node | Location, message: string, hint?: string): UserError
}

/**
 * @param text JSON, or YAML
 * @param file the name that messages use
 * @throws UserError E_FILE_FORMAT when it is not JSON
 */
export function readDocument(text: string, file: string): SchemaDocument {
  const lines = new LineCounter()
  const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const locateOffset = (offset: number): Location => {
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col }
  }
  const mistake = (code: ErrorCode, location: Location, message: string, hint?: string): UserError => {
    const prefix = `${location.line} | `
    const frame = `${prefix}${text.split('\n')[location.line! - 1] ?? ''}\n${' '.repeat(prefix.length + location.column! - 1)}^`
    return new UserError(code, `${file}:${location.line}:${location.column}: ${message}`, { hint, location, frame })
  }
  const mistakeAt = (code: ErrorCode, offset: number, message: string) => mistake(code, locateOffset(offset), message)
  const [error] = yaml.errors
  if (error) throw mistakeAt('E_FILE_FORMAT', error.pos[0], `it is not JSON: ${error.message}`)
  if (/\.json$/i.test(file)) requireJson(text, mistakeAt)
  if (!yaml.contents) throw mistakeAt('E_VALUE', 0, 'a row schema is a JSON object')

  const nodeOf = (node: Node | null, key: Node): Node => (isAlias(node) ? resolveAlias(node, yaml) : (node ?? key))
  return {
    file,
    root: yaml.contents,
    members(node, pointer) {
      if (!isMap(node)) return undefined
      return (node.items as Pair<Node, Node | null>[]).map(({ key, value }) => {
        const name = String(isScalar(key) ? key.value : key)
        return { name, key, value: nodeOf(value, key), pointer: pointer + pointerTo(name) }
      })
    },
    items(node, pointer) {
      if (!isSeq(node)) return undefined
      return (node.items as Node[]).map((item, i) => {
        return { name: String(i), key: item, value: nodeOf(item, item), pointer: `${pointer}/${i}` }
      })
    },
    json: (node) => node.toJS(yaml, { maxAliasCount: 100 }) as unknown,
    locate: (node) => locateOffset(startOf(node)),
    mistake: (code, at, message, hint) => mistake(code, 'file' in at ? at : locateOffset(startOf(at)), message, hint),
  }
}

const startOf = (node: Node): number => node.range?.[0] ?? 0

/** An alias whose anchor is missing is an error of the document already. */
const resolveAlias = (alias: Alias, yaml: Document): Node => alias.resolve(yaml)!

/** YAML is more than JSON: comments and trailing commas in a .json file would trouble every other tool that reads it. */
function requireJson(text: string, mistakeAt: (code: ErrorCode, offset: number, message: string) => UserError): void {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    const offset = Number(/position (\d+)/.exec((error as Error).message)?.[1] ?? 0)
    throw mistakeAt('E_FILE_FORMAT', offset, `it is not JSON: ${(error as Error).message}`)
  }
}
