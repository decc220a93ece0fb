import type { Scope } from '../expressions/taint.ts'
import { entriesOf, member, textOf, type Node } from '../yaml/node.ts'
import { textOfStep, triggersOf, type Job, type Step, type Workflow } from './workflow.ts'

const LIMITED = new Set(['boolean', 'number', 'choice', 'environment'])

/** What a workflow says of the names that expressions in one of its steps refer to; names are not case-sensitive. */
export function scopeOf(workflow: Workflow, job: Job, step: Step | undefined): Scope {
  const triggers = triggersOf(workflow)
  const inputs = new Map<string, Node>(
    [...triggers.values(), { settings: workflow.root }].flatMap(({ settings }) =>
      entriesOf(member(settings, 'inputs')).map(({ key, value }) => [key.toLowerCase(), value] as const),
    ),
  )
  const env = new Map<string, string>(
    [workflow.root, job.node, ...(step ? [step.node] : [])].flatMap((node) =>
      entriesOf(member(node, 'env')).map(({ key, value }) => [key.toLowerCase(), textOf(value) ?? ''] as const),
    ),
  )
  const steps = new Map(job.steps.flatMap((each) => (each.id === undefined ? [] : [[each.id.toLowerCase(), each] as const])))
  return {
    isLimitedInput: (name) => LIMITED.has(textOf(member(inputs.get(name), 'type')) ?? ''),
    env: (name) => env.get(name),
    step: (id) => {
      const found = steps.get(id)
      return found && textOfStep(found, workflow.file)
    },
  }
}
