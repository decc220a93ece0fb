import { keywordOf } from './keywords.ts'
import { pathText, type Rule } from './schema.ts'

/** A demand as it is read in "12 rows break …": `minimum 0`, `required`, `pattern ^[0-9]+$ at address.zip`. */
export function phrase(rule: Rule): string {
  const demand = keywordOf(rule.keyword).phrase(rule.value as never)
  return rule.path ? `${demand} at ${pathText(rule)}` : demand
}
