import { ARRAY_KEYWORDS } from './keywords/arrays.ts'
import type { Keyword } from './keywords/keyword.ts'
import { NUMBER_KEYWORDS } from './keywords/numbers.ts'
import { OBJECT_KEYWORDS } from './keywords/objects.ts'
import { SCHEMA_KEYWORDS } from './keywords/schemas.ts'
import { TEXT_KEYWORDS } from './keywords/text.ts'
import { NOTHING, VALUE_KEYWORDS } from './keywords/values.ts'

/** Every keyword that makes a demand, by its name. */
export const KEYWORDS: ReadonlyMap<string, Keyword> = new Map(
  [...VALUE_KEYWORDS, ...NUMBER_KEYWORDS, ...TEXT_KEYWORDS, ...ARRAY_KEYWORDS, ...OBJECT_KEYWORDS, ...SCHEMA_KEYWORDS].map(
    (entry) => [entry.name, entry],
  ),
)

/** The keyword of a rule; the schema `false` is a rule too, and no keyword. */
export const keywordOf = (name: string): Keyword => KEYWORDS.get(name) ?? NOTHING

/** Keywords that describe and demand nothing. */
export const ANNOTATIONS: ReadonlySet<string> = new Set([
  '$comment',
  'title',
  'description',
  'examples',
  'default',
  'deprecated',
  'readOnly',
  'writeOnly',
])

/** Keywords of the document as a whole, which only its root may have. */
export const ROOT_KEYWORDS: ReadonlySet<string> = new Set(['$schema', '$id'])
