import { UserError } from '../../core/errors.ts'
import { presentName } from './aliases.ts'
import { ALLOWED } from './allow-list.ts'
import { allowUfunc, CONDITIONS, type NamedCondition } from './conditions.ts'
import { harmOf } from './harm.ts'
import type { Judgement } from './judgement.ts'
import { holdsValues } from './standard-library.ts'
import { STATE_CONDITIONS } from './state-conditions.ts'

/** A name that a project allows beside the list: code of its own that its models need. */
export interface Allowance {
  /** Exact: `mypackage.transformers.Scaler`. What is known to do harm cannot be allowed. */
  readonly name: string
  /** Why, for the reader of the report. */
  readonly reason: string
  /** ISO 8601: the last day on which it holds, or the moment until which it does; undefined for always. */
  readonly expires?: string
}

/** Judges an imported name. */
export type Judge = (module: string, name: string) => Judgement

const allowed = new Map<string, Judgement>()
for (const { groups } of ALLOWED) {
  for (const { condition: conditionName, names, reason, state } of groups) {
    const condition: NamedCondition = CONDITIONS[conditionName]
    const judgement: Judgement = {
      level: 'allowed',
      reason,
      loads: conditionName === 'loadsExamined',
      ...(conditionName !== 'anyCall' && { condition: condition.objectionTo }),
      ...(state !== undefined && { state: STATE_CONDITIONS[state].objectionTo }),
      ...(condition.mayBeHandedOn && { valueOnly: true }),
    }
    for (const [module, all] of Object.entries(names)) {
      for (const name of all) {
        allowed.set(`${module} ${name}`, judgement)
        if (conditionName === 'neverCalled' && /^(numpy|scipy\.special)\b/.test(module)) allowUfunc(name)
      }
    }
  }
}

/** The name of a class that a TorchScript program defines, with nothing to follow in it. */
const IDENTIFIER = /^[A-Za-z_]\w*$/
const TORCHSCRIPT = /^__torch__(\.[A-Za-z_]\w*)*$/
/** Classes in C++: those that PyTorch brings itself, which set themselves up from numbers and tensors. */
const OWN_CLASSES = /^__torch__\.torch\.classes\.(quantized|sparse|rnn|xnnpack|mkldnn)$/
const torchScriptClass: Judgement = {
  level: 'allowed',
  reason:
    "a class of the program in a TorchScript archive, which PyTorch's own interpreter restores; Python has no module of that name",
  condition: CONDITIONS.withoutConstructor.objectionTo,
  loads: false,
  valueOnly: true,
}

function isTorchScriptClass(module: string, name: string): boolean {
  if (!TORCHSCRIPT.test(module) || !IDENTIFIER.test(name)) return false
  return !module.startsWith('__torch__.torch.classes') || OWN_CLASSES.test(module)
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
  if (isTorchScriptClass(module, name)) return torchScriptClass
  if (name.includes('.')) {
    return { level: 'suspicious', reason: `the dotted name reaches through ${module} to whatever that module has imported` }
  }
  if (holdsValues(module)) {
    return {
      level: 'suspicious',
      reason: 'it is on no allow-list: no model was seen to need it, although its module does no harm',
    }
  }
  return { level: 'suspicious', reason: 'it is on no allow-list, so what it does when loaded is not known' }
}

/**
 * A judge that also allows what a project does. An allowance never loosens the list: what is listed is judged as before.
 *
 * @param now when it is judged: an allowance that has expired allows nothing, and the finding says so
 * @throws UserError E_VALUE when a name is known to do harm, or an expiry is not a date
 */
export function policyWith(allowances: readonly Allowance[], now: Date): Judge {
  if (allowances.length === 0) return judge
  const byName = new Map<string, Allowance>()
  for (const allowance of allowances) {
    refuseHarm(allowance)
    byName.set(allowance.name, allowance)
  }
  return (module, name) => {
    const listed = judge(module, name)
    if (listed.level !== 'suspicious') return listed
    const allowance = byName.get(`${module}.${name}`)
    if (!allowance) return listed
    if (endOf(allowance) < now.getTime()) {
      const reason = `the project allowed it until ${allowance.expires} ("${allowance.reason}"), which has passed`
      return { level: 'suspicious', reason }
    }
    return { level: 'allowed', reason: `the project allows it: ${allowance.reason}` }
  }
}

/** A name says nowhere where its module ends, so every reading of it is judged. */
function refuseHarm({ name, expires }: Allowance): void {
  const parts = name.split('.')
  for (let i = 1; i < parts.length; i++) {
    const { level, reason } = judge(parts.slice(0, i).join('.'), parts.slice(i).join('.'))
    if (level !== 'critical') continue
    throw new UserError('E_VALUE', `"${name}" cannot be allowed: it ${reason}.`, {
      hint: 'Save the model in a form that does not need it, or wrap what it does in a function of your own package and allow that.',
    })
  }
  if (expires !== undefined && Number.isNaN(endOf({ name, reason: '', expires }))) {
    throw new UserError('E_VALUE', `"${name}" is allowed until "${expires}", which is not a date.`, {
      hint: 'Write it as YYYY-MM-DD.',
    })
  }
}

const DAY = 24 * 60 * 60 * 1000

function endOf({ expires }: Allowance): number {
  if (expires === undefined) return Number.POSITIVE_INFINITY
  const at = Date.parse(expires)
  return /^\d{4}-\d{2}-\d{2}$/.test(expires) ? at + DAY - 1 : at
}
