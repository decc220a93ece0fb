import { objectsOf, reportAt, type DocumentCheck, type JsonDocument, type JsonPath } from '../json/document.ts'
import { isList, isObject, type JsonObject, type JsonValue } from '../json/read-json.ts'
import { leadsOutside } from '../outside-path.ts'
import { quote } from '../quote.ts'
import { examineTemplate } from '../template/examine-template.ts'

/** Configurations of Hugging Face: code that they make the loader fetch and run, templates of chats, and indexes of weights. */
export const examineHuggingFace: DocumentCheck = (document) => {
  for (const [object, path] of objectsOf(document.values)) {
    for (const [key, value] of object.entries) examineEntry(document, object, path, key, value)
  }
}

function examineEntry(document: JsonDocument, object: JsonObject, path: JsonPath, key: string, value: JsonValue): void {
  if (key === 'chat_template' || key === 'chat_templates') examineTemplates(document, object, value)
  if (key === 'weight_map' && isObject(value)) examineIndex(document, value)
  if (key === 'auto_map') {
    const named = classesOf(value)
    if (named.length > 0)
      reportAt(
        document,
        'folder.remote-code',
        object,
        `At ${path}, "auto_map" makes the loader run ${named
          .slice(0, 3)
          .map((name) => quote(name))
          .join(', ')}`,
      )
  }
  if (key === 'custom_pipelines' && isObject(value) && value.entries.length > 0)
    reportAt(document, 'folder.remote-code', object, `At ${path}, "custom_pipelines" makes the loader run code of the folder`)
  if (key === 'trust_remote_code' && value === true)
    reportAt(document, 'folder.remote-code', object, `At ${path}, "trust_remote_code" lets the loader run code of the folder`)
}

/** Text in an object, a list, or by itself. */
function classesOf(value: JsonValue): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value]
  if (isList(value)) return value.flatMap(classesOf)
  return isObject(value) ? value.entries.flatMap(([, inner]) => classesOf(inner)) : []
}

/** One template, or several by name. */
function examineTemplates(document: JsonDocument, object: JsonObject, value: JsonValue): void {
  const offset = document.start === undefined ? undefined : document.start + object.start
  for (const text of templatesOf(value)) examineTemplate(text, 'the chat template', document.part, offset)
}

function templatesOf(value: JsonValue): string[] {
  if (typeof value === 'string') return [value]
  if (isList(value)) return value.flatMap(templatesOf)
  if (!isObject(value)) return []
  return value.has('template')
    ? value.entries.flatMap(([key, inner]) => (key === 'template' ? templatesOf(inner) : []))
    : value.entries.flatMap(([, inner]) => templatesOf(inner))
}

/** `model.safetensors.index.json`: which file each tensor is in. */
function examineIndex(document: JsonDocument, map: JsonObject): void {
  const said = new Set<string>()
  for (const [tensor, file] of map.entries) {
    if (typeof file !== 'string' || said.has(file)) continue
    said.add(file)
    const why = leadsOutside(file)
    if (why !== undefined)
      reportAt(document, 'folder.outside-path', map, `The tensor ${quote(tensor)} is read from ${quote(file)}, which ${why}`)
  }
}
