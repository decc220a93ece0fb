import type { HardeningFinding } from '../finding.ts'
import type { Severity } from '../rule.ts'
import { placeOf, type WorkflowCheck } from '../workflow/check.ts'
import { triggersOf } from '../workflow/workflow.ts'
import { entriesOf, member, textOf, type Node } from '../yaml/node.ts'

const rule = 'workflow.permissions'
const REPLACEMENT = 'permissions: {}   at the top, and at each job what it needs, such as   permissions: { contents: read }'

/** Tokens that may do everything, or of which nobody has said what they may. */
export const permissions: WorkflowCheck = (workflow) => {
  if (workflow.kind === 'action') return []
  const findings: HardeningFinding[] = []
  const report = (node: Node | { start: number; end: number }, severity: Severity, message: string) =>
    void findings.push({ rule, severity, message, replacement: REPLACEMENT, ...placeOf(workflow, node) })

  const top = member(workflow.root, 'permissions')
  const onlyCalled = [...triggersOf(workflow).keys()].every((name) => name === 'workflow_call')
  if (top) {
    tooBroad(top, 'Every job', report)
    const writes = entriesOf(top).filter(({ value }) => textOf(value) === 'write')
    // Of a single job it makes no difference where it stands.
    if (writes.length > 0 && workflow.jobs.length > 1) {
      const names = writes.map(({ key }) => key).join(', ')
      report(
        { start: writes[0]!.keyStart, end: writes[0]!.value.end },
        'medium',
        `Every job may write ${names}: give it to the job that needs it`,
      )
    }
  }
  for (const { id, node, keyStart } of workflow.jobs) {
    const own = member(node, 'permissions')
    if (own) tooBroad(own, `The job ${id}`, report)
    // A called workflow gets no more than its caller has.
    else if (!top && !onlyCalled) {
      report({ start: keyStart, end: keyStart + id.length }, 'medium', `Nothing says what the token of the job ${id} may do`)
    }
  }
  return findings
}

function tooBroad(node: Node, who: string, report: (node: Node, severity: Severity, message: string) => void): void {
  const text = textOf(node)
  if (text === 'write-all') report(node, 'high', `${who} may write everything (write-all)`)
  if (text === 'read-all') report(node, 'low', `${who} may read everything (read-all)`)
}
