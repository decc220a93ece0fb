import { presentName } from './aliases.ts'
import { ALLOWED } from './allow-list.ts'
import { neverCalled } from './conditions.ts'
import { CRITICAL } from './critical.ts'
import type { Judgement } from './judgement.ts'

/** A name that a project allows beside the list: code of its own that its models need. */
export interface Allowance {
  /** Exact: `mypackage.transformers.Scaler`. What is known to do harm cannot be allowed. */
  readonly name: string
  /** Why, for the reader of the report. */
  readonly reason: string
  /** ISO 8601 date after which it no longer holds; undefined for always. */
  readonly expires?: string
}

/** Judges an imported name. */
export type Judge = (module: string, name: string) => Judgement

const allowed = new Map<string, Judgement>()
for (const group of ALLOWED) {
  for (const [module, names] of Object.entries(group.names)) {
    for (const name of names) {
      const condition = group.use === 'value' ? neverCalled : group.conditions?.[`${module} ${name}`]
      const valueOnly = group.use === 'value'
      allowed.set(`${module} ${name}`, { level: 'allowed', reason: group.reason, valueOnly, ...(condition && { condition }) })
    }
  }
}

const criticalModules = new Map<string, string>()
const criticalNames = new Map<string, string>()
for (const group of CRITICAL) {
  for (const module of group.modules) criticalModules.set(module, group.reason)
  for (const name of group.names ?? []) criticalNames.set(name, group.reason)
}

/**
 * Allowed is what is listed by exact module and exact qualified name, and nothing else: `numpy` being trusted says nothing of
 * `numpy` + `os.system`, which pickle resolves by following the dots.
 */
export const judge: Judge = (module, name) => {
  const present = presentName(module, name)
  if (present) return judgePresent(...present)
  return judgePresent(module, name)
}

function judgePresent(module: string, name: string): Judgement {
  const known = allowed.get(`${module} ${name}`)
  if (known) return known
  const harm = harmOf(module, name)
  if (harm !== undefined) return { level: 'critical', reason: harm }
  if (name.includes('.')) {
    return { level: 'suspicious', reason: `the dotted name reaches through ${module} to whatever that module has imported` }
  }
  return { level: 'suspicious', reason: 'it is on no allow-list, so what it does when loaded is not known' }
}

/** Why a name is known to do harm, or undefined. Dots in a name are followed: `torch` + `serialization.os.system` is `os.system`. */
function harmOf(module: string, name: string): string | undefined {
  const byName = criticalNames.get(`${module} ${name}`)
  if (byName !== undefined) return byName
  const parts = module.split('.')
  for (let length = parts.length; length > 0; length--) {
    const byModule = criticalModules.get(parts.slice(0, length).join('.'))
    if (byModule !== undefined) return byModule
  }
  const path = name.split('.')
  for (const [i, step] of path.entries()) {
    if (i === path.length - 1) break
    const reached = harmOf(step, path.slice(i + 1).join('.'))
    if (reached !== undefined) return reached
  }
  return undefined
}
