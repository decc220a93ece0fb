import { sha256, type Digest } from '../../core/digest.ts'
import { RULES } from '../rules.ts'
import { ALLOWED } from './allow-list.ts'
import { CONDITIONS } from './conditions.ts'
import { CRITICAL } from './critical.ts'
import { STATE_CONDITIONS } from './state-conditions.ts'

let digest: Digest | undefined

/**
 * The sha256 over what a verdict is given by: the allow-list, the sentences of its conditions, the critical list and the rules. It is
 * the same in every process of the same release, whatever the order of the lists.
 */
export function rulesetDigest(): Digest {
  return (digest ??= sha256(Buffer.from(rulesetText(), 'utf8')))
}

function rulesetText(): string {
  const lines: string[] = []
  for (const { groups } of ALLOWED) {
    for (const { condition, names, reason, state } of groups) {
      for (const [module, all] of Object.entries(names)) {
        for (const name of all) lines.push(JSON.stringify(['allow', module, name, condition, state ?? '', reason]))
      }
    }
  }
  for (const { modules, names, reason } of CRITICAL) {
    for (const module of modules) lines.push(JSON.stringify(['critical', module, '', reason]))
    for (const name of names) lines.push(JSON.stringify(['critical', '', name, reason]))
  }
  for (const [name, { accepts }] of Object.entries({ ...CONDITIONS, ...STATE_CONDITIONS })) {
    lines.push(JSON.stringify(['condition', name, accepts]))
  }
  for (const [id, { kind, severity }] of Object.entries(RULES)) lines.push(JSON.stringify(['rule', id, kind, severity]))
  return [...new Set(lines)].toSorted().join('\n')
}
