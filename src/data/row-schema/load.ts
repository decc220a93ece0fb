import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type Pair, type YAMLMap } from 'yaml'
import type { Location } from '../../core/check.ts'
import { UserError, type ErrorCode } from '../../core/errors.ts'
import { didYouMean, suggest } from '../../core/suggest.ts'
import { ANNOTATIONS, KEYWORDS, ROW_KEYWORDS } from './keywords.ts'
import { pointerTo } from '../scan/json-cell.ts'
import type { RowSchema, Rule, SchemaExtension } from './schema.ts'

/**
 * Reads a JSON Schema (draft 2020-12) for one row. What it does not know it does not ignore: a keyword that is not supported is an
 * error with its place, and so is a value that the keyword cannot have.
 *
 * @param text JSON, or YAML
 * @param file the name that messages use
 * @throws UserError E_FILE_FORMAT when it is not JSON, E_SCHEMA_KEYWORD for an unsupported keyword, E_VALUE for a wrong value
 */
export function loadRowSchema(text: string, file: string): RowSchema {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const source: Source = { text, file, lines }
  const [error] = document.errors
  if (error) throw mistake(source, 'E_FILE_FORMAT', error.pos[0], `it is not JSON: ${error.message}`)
  if (/\.json$/i.test(file)) requireJson(source)
  const root = document.contents
  if (!isMap(root)) throw mistake(source, 'E_VALUE', root?.range?.[0] ?? 0, 'a row schema is a JSON object')
  return readRow(source, root)
}

/** YAML is more than JSON: comments and trailing commas in a .json file would trouble every other tool that reads it. */
function requireJson(source: Source): void {
  try {
    JSON.parse(source.text.replace(/^\uFEFF/, ''))
  } catch (error) {
    const offset = Number(/position (\d+)/.exec((error as Error).message)?.[1] ?? 0)
    throw mistake(source, 'E_FILE_FORMAT', offset, `it is not JSON: ${(error as Error).message}`)
  }
}

interface Source {
  readonly text: string
  readonly file: string
  readonly lines: LineCounter
}

/** A member of a JSON object. */
interface Member {
  readonly name: string
  readonly key: Node
  readonly value: Node
  readonly pointer: string
}

function readRow(source: Source, root: YAMLMap): RowSchema {
  const supported = [...ROW_KEYWORDS, ...ANNOTATIONS]
  let properties: readonly Member[] = []
  let required: readonly Rule[] = []
  let closed: RowSchema['closed'] = null
  const extensions: SchemaExtension[] = []
  for (const member of members(root, '')) {
    if (member.name === 'properties') properties = readProperties(source, member)
    else if (member.name === 'required') required = readRequired(source, member)
    else if (member.name === 'additionalProperties') closed = readAdditional(source, member)
    else if (member.name === 'type') requireObjectType(source, member)
    else if (member.name === EXTENSION) extensions.push(extensionOf(source, '', member))
    else if (!ANNOTATIONS.has(member.name)) throw unknownKeyword(source, member, supported, ' for a row')
  }
  const rules = properties.flatMap((property) => readColumn(source, property))
  for (const property of properties.filter(({ value }) => isMap(value))) {
    const own = members(property.value as YAMLMap, property.pointer).filter(({ name }) => name === EXTENSION)
    extensions.push(...own.map((member) => extensionOf(source, property.name, member)))
  }
  const names = properties.map(({ name }) => name)
  return { file: source.file, properties: names, rules: [...required, ...rules], closed, extensions }
}

const EXTENSION = 'x-plimsoll'

function extensionOf(source: Source, column: string, { key, value, pointer }: Member): SchemaExtension {
  const locateIn = (path: readonly (string | number)[]): Location => {
    let place: Node = key
    let node: unknown = value
    for (const step of path) {
      const pair = isMap(node)
        ? (node.items as Pair<Node, Node>[]).find((one) => isScalar(one.key) && one.key.value === step)
        : null
      const item = isSeq(node) ? (node.items[Number(step)] as Node | undefined) : undefined
      if (!pair && !item) break
      place = pair ? pair.key : item!
      node = pair ? pair.value : item
    }
    return locate(source, startOf(place))
  }
  return { column, pointer, value: value.toJSON() as unknown, locate: locateIn }
}

function readProperties(source: Source, member: Member): readonly Member[] {
  if (!isMap(member.value)) throw wrongValue(source, member, 'it must be an object with a schema for each column')
  return members(member.value, member.pointer)
}

function readColumn(source: Source, property: Member): readonly Rule[] {
  if (isScalar(property.value) && property.value.value === true) return []
  if (!isMap(property.value)) throw wrongValue(source, property, 'the schema of a column must be an object, or true')
  return members(property.value, property.pointer).flatMap((member) => {
    if (ANNOTATIONS.has(member.name) || member.name === EXTENSION) return []
    const keyword = KEYWORDS.get(member.name)
    if (!keyword) throw unknownKeyword(source, member, [...KEYWORDS.keys(), ...ANNOTATIONS], ' for a column')
    const parsed = keyword.value.safeParse(member.value.toJSON())
    if (!parsed.success) throw wrongValue(source, member, messageOfIssue(parsed.error.issues[0]!))
    const { pointer } = member
    const location = locate(source, startOf(member.key))
    return [{ column: property.name, keyword: member.name, value: parsed.data, pointer, location }]
  })
}

function messageOfIssue(issue: { path: PropertyKey[]; message: string }): string {
  const where = issue.path.length > 0 ? `item ${issue.path.map((key) => Number(key) + 1).join('.')}: ` : ''
  return `${where}${issue.message}`
}

function readRequired(source: Source, member: Member): readonly Rule[] {
  if (!isSeq(member.value)) throw wrongValue(source, member, 'it must be a list of column names')
  return member.value.items.map((item, i) => {
    if (!isScalar(item) || typeof item.value !== 'string') throw wrongValue(source, member, 'it must be a list of column names')
    const pointer = `${member.pointer}/${i}`
    return { column: item.value, keyword: 'required', value: true, pointer, location: locate(source, startOf(item)) }
  })
}

function readAdditional(source: Source, member: Member): RowSchema['closed'] {
  const allowed = isScalar(member.value) ? member.value.value : undefined
  if (typeof allowed !== 'boolean')
    throw wrongValue(source, member, 'it must be true or false; a schema for other columns is not supported')
  return allowed ? null : { pointer: member.pointer, location: locate(source, startOf(member.key)) }
}

function requireObjectType(source: Source, member: Member): void {
  const value: unknown = member.value.toJSON()
  if (value === 'object' || (Array.isArray(value) && value.includes('object'))) return
  throw wrongValue(source, member, 'a row is an object, so the schema of a row has type "object"')
}

function members(map: YAMLMap, pointer: string): Member[] {
  return (map.items as Pair<Node, Node>[]).map(({ key, value }) => {
    const name = String(isScalar(key) ? key.value : key)
    return { name, key, value: value!, pointer: pointer + pointerTo(name) }
  })
}

const startOf = (node: Node): number => node.range?.[0] ?? 0

function locate({ file, lines }: Source, offset: number): Location {
  const { line, col } = lines.linePos(offset)
  return { file, line, column: col }
}

function unknownKeyword(source: Source, member: Member, supported: readonly string[], where: string): UserError {
  const near = suggest(member.name, supported) === undefined ? '' : `${didYouMean(member.name, supported)} `
  return mistake(
    source,
    'E_SCHEMA_KEYWORD',
    startOf(member.key),
    `the keyword "${member.name}" at ${member.pointer} is not supported${where}`,
    `${near}Supported: ${supported.join(', ')}.`,
  )
}

function wrongValue(source: Source, member: Member, why: string): UserError {
  return mistake(source, 'E_VALUE', startOf(member.value), `"${member.name}" at ${member.pointer}: ${why}`)
}

/** An error with its place and the offending line. */
function mistake(source: Source, code: ErrorCode, offset: number, message: string, hint?: string): UserError {
  const location = locate(source, offset)
  const line = source.text.split('\n')[location.line! - 1] ?? ''
  const prefix = `${location.line} | `
  const frame = `${prefix}${line}\n${' '.repeat(prefix.length + location.column! - 1)}^`
  const place = `${source.file}:${location.line}:${location.column}`
  return new UserError(code, `${place}: ${message}`, { hint, location, frame })
}
