import { isScalar } from 'yaml'
import type { UserError } from '../../core/errors.ts'
import { didYouMean, suggest } from '../../core/suggest.ts'
import type { Member, SchemaDocument } from './document.ts'
import { ANNOTATIONS, KEYWORDS, ROOT_KEYWORDS } from './keywords.ts'
import type { Reading } from './keywords/keyword.ts'
import { NOTHING } from './keywords/values.ts'
import type { Demand, Extension, SchemaNode } from './schema.ts'

export const EXTENSION = 'x-plimsoll'
const DRAFT = /^https?:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/
const SUPPORTED: readonly string[] = [...KEYWORDS.keys(), ...ANNOTATIONS]

type SchemaValue = Member['value']

/**
 * Reads the schema at the root of a document with all that stand in it or are referred to. What it does not know it does not ignore.
 *
 * @throws UserError E_SCHEMA_KEYWORD for an unsupported keyword, another draft, or a reference that leads nowhere or in a circle;
 *   E_VALUE for a value that a keyword cannot have
 */
export function readSchema(document: SchemaDocument): SchemaNode {
  const read = new Map<SchemaValue, SchemaNode>()
  /** Schemas that have been begun: what refers to one of these refers to itself. */
  const open = new Set<SchemaValue>()

  const schema = (node: SchemaValue, pointer: string): SchemaNode => {
    const known = read.get(node)
    if (known) return known
    if (open.has(node)) throw document.mistake('E_SCHEMA_KEYWORD', node, `the schema at ${pointer || '/'} contains itself`)
    open.add(node)
    const result = readNode(node, pointer)
    open.delete(node)
    read.set(node, result)
    return result
  }

  const reference = (member: Member): SchemaNode => {
    const ref = document.json(member.value)
    if (typeof ref !== 'string') throw wrong(member, 'it must be text')
    const target = resolve(document, ref)
    if (!target) {
      throw document.mistake(
        'E_SCHEMA_KEYWORD',
        member.value,
        `"$ref" at ${member.pointer}: ${JSON.stringify(ref)} leads to no schema in this document`,
        'A reference is a JSON Pointer in the same document, such as "#/$defs/money".',
      )
    }
    if (!open.has(target.value)) return schema(target.value, target.pointer)
    throw document.mistake(
      'E_SCHEMA_KEYWORD',
      member.value,
      `"$ref" at ${member.pointer}: ${JSON.stringify(ref)} is a schema that this one is part of, and recursive schemas are not supported`,
      'The rules become one SQL query, which has a fixed depth. Write out as many levels as the data have.',
    )
  }

  const wrong = (member: Member, why: string, hint?: string): UserError =>
    document.mistake('E_VALUE', member.value, `"${member.name}" at ${member.pointer}: ${why}`, hint)

  const readNode = (node: SchemaValue, pointer: string): SchemaNode => {
    const place = { pointer, location: document.locate(node) }
    const whole = isScalar(node) ? node.value : undefined
    if (whole === true) return { ...place, demands: [], extension: null }
    if (whole === false) return { ...place, demands: [{ ...place, keyword: NOTHING, value: false }], extension: null }
    const siblings = document.members(node, pointer)
    if (!siblings) {
      throw document.mistake(
        'E_VALUE',
        node,
        pointer === '' ? 'a row schema is a JSON object' : `${pointer}: a schema is an object, true or false`,
      )
    }
    const reading: Reading = { document, siblings, schema, reference, wrong }
    const demands = siblings.flatMap((member) => readMember(member, reading, pointer === ''))
    const block = siblings.find(({ name }) => name === EXTENSION)
    return { ...place, demands, extension: block ? extensionOf(document, block) : null }
  }

  const readMember = (member: Member, reading: Reading, isRoot: boolean): Demand[] => {
    const { name, pointer } = member
    if (name === EXTENSION || ANNOTATIONS.has(name)) return []
    if (isRoot && ROOT_KEYWORDS.has(name)) {
      if (name === '$schema') requireDraft(document, member)
      return []
    }
    const keyword = KEYWORDS.get(name)
    if (!keyword) throw unknownKeyword(document, member)
    const value: unknown = keyword.read(member, reading)
    return keyword.isPart ? [] : [{ keyword, value, pointer, location: document.locate(member.key) }]
  }

  return schema(document.root, '')
}

function resolve(document: SchemaDocument, ref: string): { value: SchemaValue; pointer: string } | undefined {
  if (!/^#(\/|$)/.test(ref)) return undefined
  let pointer: string
  try {
    pointer = decodeURIComponent(ref.slice(1))
  } catch {
    return undefined
  }
  let value = document.root
  let path = ''
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    const inside = document.members(value, path) ?? document.items(value, path)
    const member = inside?.find((one) => one.name === name)
    if (!member) return undefined
    value = member.value
    path = member.pointer
  }
  return { value, pointer: path }
}

function requireDraft(document: SchemaDocument, member: Member): void {
  const draft = document.json(member.value)
  if (typeof draft === 'string' && DRAFT.test(draft)) return
  throw document.mistake(
    'E_SCHEMA_KEYWORD',
    member.value,
    `"$schema" at ${member.pointer}: ${JSON.stringify(draft)} is not supported`,
    'Schemas are read as draft 2020-12: "https://json-schema.org/draft/2020-12/schema".',
  )
}

function extensionOf(document: SchemaDocument, { value, pointer, key }: Member): Extension {
  return {
    pointer,
    value: document.json(value),
    locate(path) {
      let at = key
      let inside = value
      for (const step of path) {
        const members = document.members(inside, '') ?? document.items(inside, '')
        const next = members?.find(({ name }) => name === String(step))
        if (!next) break
        at = next.key
        inside = next.value
      }
      return document.locate(at)
    },
  }
}

function unknownKeyword(document: SchemaDocument, { name, key, pointer }: Member): UserError {
  const near = suggest(name, SUPPORTED) === undefined ? '' : `${didYouMean(name, SUPPORTED)} `
  const where = ROOT_KEYWORDS.has(name) ? ' below the root of the document' : ''
  return document.mistake(
    'E_SCHEMA_KEYWORD',
    key,
    `the keyword "${name}" at ${pointer} is not supported${where}`,
    `${near}Supported: ${SUPPORTED.join(', ')}.`,
  )
}
