import type { HardeningFinding } from '../finding.ts'
import type { Node } from '../yaml/node.ts'
import type { Workflow } from './workflow.ts'

/** Looks for one kind of mistake in a workflow or composite action. */
export type WorkflowCheck = (workflow: Workflow) => readonly HardeningFinding[]

/** Where a node is, with the text that is written there when it is short. */
export function placeOf(
  { file }: Workflow,
  node: Pick<Node, 'start' | 'end'>,
): Pick<HardeningFinding, 'file' | 'line' | 'column' | 'snippet'> {
  const text = file.text.slice(node.start, node.end).trimEnd()
  return { ...file.at(node.start), ...(text.length <= 120 && !text.includes('\n') && { snippet: text }) }
}
