import { Document, isMap, isPair, isScalar, type Pair, type YAMLMap } from 'yaml'
import { schemaOf, type ColumnDraft, type Guess, type SchemaDraft } from './draft.ts'

/** `minimum, maximum: seen from 1 to 6.` */
function sentences(guesses: readonly Guess[]): string[] {
  const names = new Map<string, string[]>()
  for (const { name, why } of guesses) names.set(why, [...(names.get(why) ?? []), name])
  return [...names].map(([why, of]) => `${of.join(', ')}: ${why}.`)
}

/** The schema as JSON; JSON has no comments, so the reasons stand under `$comment`. */
export function renderSchemaJson(draft: SchemaDraft): string {
  return `${JSON.stringify(schemaOf(draft, comment), null, 2)}\n`
}

function comment(of: ColumnDraft | SchemaDraft): Record<string, unknown> {
  const parts =
    'about' in of
      ? [of.about, ...sentences([of.required, ...of.rules])]
      : [...sentences([...of.keywords, ...of.rules]), ...of.notes.map((note) => `${note}.`)]
  return parts.length === 0 ? {} : { $comment: parts.join(' ') }
}

/** The schema as YAML, each guess under a comment with its reason. */
export function renderSchemaYaml(draft: SchemaDraft): string {
  const document = new Document(schemaOf(draft))
  const root = document.contents as unknown as YAMLMap
  document.commentBefore = ` ${draft.about}`
  explain(root, [draft.required])
  explain(mapAt(root, 'x-plimsoll'), draft.rules)
  const properties = mapAt(root, 'properties')
  for (const column of draft.columns) {
    const map = mapAt(properties, column.column)
    explain(map, column.keywords)
    explain(mapAt(map, 'x-plimsoll'), column.rules)
    const key = pairAt(properties, column.column)?.key
    if (column.notes.length > 0 && isScalar(key)) key.commentBefore = column.notes.map((note) => ` ${note}.`).join('\n')
  }
  return document.toString({ lineWidth: 120 })
}

function explain(map: YAMLMap | undefined, guesses: readonly Guess[]): void {
  for (const [i, { name, why }] of guesses.entries()) {
    const key = pairAt(map, name)?.key
    if (isScalar(key) && why !== guesses[i - 1]?.why) key.commentBefore = ` ${why.replaceAll('\n', ' ')}`
  }
}

function mapAt(map: YAMLMap | undefined, name: string): YAMLMap | undefined {
  const value = pairAt(map, name)?.value
  return isMap(value) ? value : undefined
}

function pairAt(map: YAMLMap | undefined, name: string): Pair | undefined {
  return map?.items.filter(isPair).find(({ key }) => (isScalar(key) ? key.value : key) === name)
}
