import { placeOf, type WorkflowCheck } from '../workflow/check.ts'
import { triggersOf } from '../workflow/workflow.ts'
import { member, textsOf } from '../yaml/node.ts'

const BY_STRANGERS = ['pull_request', 'pull_request_target', 'issue_comment', 'issues', 'workflow_run'] as const

/** Runners of one's own in workflows that strangers can start. */
export const selfHostedRunners: WorkflowCheck = (workflow) => {
  const triggers = triggersOf(workflow)
  const by = BY_STRANGERS.filter((name) => triggers.has(name))
  if (workflow.kind === 'action' || by.length === 0) return []
  return workflow.jobs.flatMap(({ id, node }) => {
    const runsOn = member(node, 'runs-on')
    const labels = [...textsOf(runsOn), ...textsOf(member(runsOn, 'labels'))]
    if (!runsOn || !labels.includes('self-hosted')) return []
    return [
      {
        rule: 'workflow.self-hosted-runner' as const,
        message: `The job ${id} runs on a self-hosted runner, and ${by.join(', ')} starts it`,
        replacement: 'runs-on: ubuntu-latest',
        ...placeOf(workflow, runsOn),
      },
    ]
  })
}
