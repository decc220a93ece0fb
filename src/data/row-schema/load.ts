import { readDocument, type SchemaDocument } from './document.ts'
import { strayExtension } from './extensions.ts'
import { flatten, type Flat } from './flatten.ts'
import type { Pattern } from './keywords/text.ts'
import { readSchema } from './read-schema.ts'
import type { PatternUse, RowSchema, SchemaNode } from './schema.ts'

/**
 * Reads a JSON Schema (draft 2020-12) for one row. What it does not know it does not ignore: a keyword that is not supported is an
 * error with its place, and so is a value that the keyword cannot have.
 *
 * @param text JSON, or YAML
 * @param file the name that messages use
 * @throws UserError E_FILE_FORMAT when it is not JSON, E_SCHEMA_KEYWORD for an unsupported keyword, E_VALUE for a wrong value
 */
export function loadRowSchema(text: string, file: string): RowSchema {
  const document = readDocument(text, file)
  if (!document.members(document.root, '')) throw document.mistake('E_VALUE', document.root, 'a row schema is a JSON object')
  const root = readSchema(document)
  const flat = flatten(root)
  refuseOtherRows(document, flat)
  const stray = strayExtension(root)
  if (stray) {
    throw document.mistake(
      'E_SCHEMA_KEYWORD',
      stray.locate([]),
      `"x-plimsoll" at ${stray.pointer} stands where no rule of a whole column can hold`,
      'It belongs to the row, or to a column under "properties"; also through "allOf" and "$ref".',
    )
  }
  const [closed] = flat.closures
  return {
    file: document.file,
    properties: listedColumns(flat),
    rules: flat.rules,
    closed: closed ? { pointer: closed.pointer, location: closed.location } : null,
    extensions: flat.extensions,
    patterns: patternsIn(root),
    root,
  }
}

/** A row is an object, and its columns have names. */
function refuseOtherRows(document: SchemaDocument, { notAnObject: [type], rules, columns }: Flat): void {
  if (type) {
    const message = `"type" at ${type.pointer}: a row is an object, so the schema of a row has type "object"`
    throw document.mistake('E_VALUE', type.location, message)
  }
  const unnamed =
    columns.includes('') || rules.some(({ column, keyword, path }) => column === '' && keyword === 'required' && !path)
  if (unnamed) throw document.mistake('E_VALUE', document.root, 'a column needs a name, and "" is none')
}

/** Of a closed schema, the columns that every closure lists. */
function listedColumns({ closures, columns }: Flat): readonly string[] {
  const [first, ...others] = closures
  if (!first) return columns
  return first.columns.filter((name) => others.every((other) => other.columns.includes(name)))
}

function patternsIn(root: SchemaNode): readonly PatternUse[] {
  const patterns: PatternUse[] = []
  const seen = new Set<SchemaNode>()
  const visit = (node: SchemaNode): void => {
    if (seen.has(node)) return
    seen.add(node)
    for (const { keyword, value, pointer, location } of node.demands) {
      if (keyword.name === 'pattern') patterns.push({ ...(value as Pattern), pointer, location })
      keyword.schemas?.(value as never).forEach(visit)
    }
  }
  visit(root)
  return patterns
}
