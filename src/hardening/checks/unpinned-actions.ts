import type { HardeningFinding } from '../finding.ts'
import { placeOf, type WorkflowCheck } from '../workflow/check.ts'
import { member, textOf, type Node } from '../yaml/node.ts'

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i

/** Actions and called workflows whose version is not a full commit, and images of steps without a digest. */
export const unpinnedActions: WorkflowCheck = (workflow) =>
  workflow.jobs.flatMap(({ node, steps }) =>
    [member(node, 'uses'), ...steps.map((step) => member(step.node, 'uses'))].flatMap((uses): HardeningFinding[] => {
      const problem = uses && problemOf(uses)
      return problem ? [{ ...problem, ...placeOf(workflow, uses) }] : []
    }),
  )

function problemOf(uses: Node): Pick<HardeningFinding, 'rule' | 'message' | 'replacement'> | undefined {
  const text = textOf(uses)?.trim() ?? ''
  // A local action is of the commit that is checked out.
  if (text === '' || /^\.{1,2}\//.test(text)) return undefined
  if (text.startsWith('docker://')) {
    if (/@sha256:[0-9a-f]{64}$/.test(text)) return undefined
    return { rule: 'workflow.unpinned-image', message: `${text} has no digest`, replacement: `uses: ${text}@sha256:DIGEST` }
  }
  const at = text.lastIndexOf('@')
  const [name, version] = at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
  if (COMMIT.test(version)) return undefined
  const said = version === '' ? 'names no version' : `is pinned to ${version}, which can be moved`
  const [owner, repository] = name.split('/')
  const find = `git ls-remote https://github.com/${owner}/${repository} ${version || 'HEAD'}`
  return {
    rule: 'workflow.unpinned-action',
    message: `${name} ${said}`,
    replacement: `uses: ${name}@COMMIT # ${version || 'version'}   (${find})`,
  }
}
