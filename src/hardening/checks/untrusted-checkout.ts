import type { HardeningFinding } from '../finding.ts'
import { placeOf, type WorkflowCheck } from '../workflow/check.ts'
import { PRIVILEGED_TRIGGERS, textOfStep, triggersOf } from '../workflow/workflow.ts'
import { member } from '../yaml/node.ts'

/** References to the code of a request, in `ref:` or `repository:` of a checkout. */
const HEAD =
  /github\.head_ref|pull_request\.head\b|workflow_run\.(?:head_|pull_requests)|refs\/pull\/|github\.event\.(?:number|issue\.number|pull_request\.(?:number|merge_commit_sha))|\bsteps\.[\w-]+\.outputs\.(?:[\w-]*(?:ref|sha|branch)[\w-]*)/i
/** The same by hand. */
const BY_HAND =
  /\bgh\s+pr\s+checkout\b|\bgit\s+(?:fetch|pull|checkout)\b[^\n]{0,300}(?:\bpull\/|head_ref|HEAD_REF|pull_request\.head)/

/** Workflows with rights that strangers can start, and those that also check out what strangers wrote. */
export const untrustedCheckout: WorkflowCheck = (workflow) => {
  if (workflow.kind === 'action') return []
  const triggers = triggersOf(workflow)
  const privileged = PRIVILEGED_TRIGGERS.filter((name) => triggers.has(name))
  if (privileged.length === 0) return []
  const findings = privileged.map((name): HardeningFinding => {
    const { at } = triggers.get(name)!
    return {
      rule: 'workflow.dangerous-trigger',
      message: `${name} runs with the rights of the repository on events that anybody can cause`,
      replacement:
        name === 'pull_request_target'
          ? 'on: pull_request'
          : 'if: github.event.… limits who may start it; the code of the request is never run',
      ...placeOf(workflow, { start: at, end: at + name.length }),
    }
  })
  for (const { steps } of workflow.jobs) {
    for (const step of steps) {
      const text = textOfStep(step, workflow.file)
      const settings = member(step.node, 'with')
      const given = settings ? workflow.file.text.slice(settings.start, settings.end) : ''
      const checksOut = step.uses?.toLowerCase().startsWith('actions/checkout@') && HEAD.test(given)
      if (!checksOut && !(step.run !== undefined && BY_HAND.test(text))) continue
      findings.push({
        rule: 'workflow.untrusted-checkout',
        message: `The code of a request is checked out in a workflow that ${privileged.join(' and ')} starts`,
        replacement: 'on: pull_request   for what builds or tests the request; here check out nothing, or the default branch',
        ...placeOf(workflow, member(step.node, 'uses') ?? member(step.node, 'run') ?? step.node),
      })
    }
  }
  return findings
}
