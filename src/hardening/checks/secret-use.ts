import { contextsIn } from '../expressions/parse.ts'
import { expressionsIn } from '../expressions/find.ts'
import type { HardeningFinding } from '../finding.ts'
import { placeOf, type WorkflowCheck } from '../workflow/check.ts'
import { member, scalarsIn, textOf } from '../yaml/node.ts'

/** All secrets at once: handed to a called workflow, or put into one value. */
export const secretUse: WorkflowCheck = (workflow) => {
  const inherited = workflow.jobs.flatMap(({ node }): HardeningFinding[] => {
    const secrets = member(node, 'secrets')
    if (textOf(secrets) !== 'inherit') return []
    const uses = textOf(member(node, 'uses')) ?? ''
    return [
      {
        rule: 'workflow.secrets-inherit',
        // Within the repository it is at least the same people who may change both.
        severity: uses.startsWith('./') ? 'low' : 'medium',
        message: `Every secret is handed to ${uses || 'the called workflow'}`,
        replacement: 'secrets: { TOKEN: "${{ secrets.TOKEN }}" }',
        ...placeOf(workflow, secrets!),
      },
    ]
  })
  const seen = new Set<number>()
  const together = [...scalarsIn(workflow.root)].flatMap((scalar): HardeningFinding[] => {
    if (seen.has(scalar.start)) return []
    seen.add(scalar.start)
    return expressionsIn(workflow.file.text.slice(scalar.start, scalar.end))
      .filter(({ inside }) => contextsIn(inside).some((path) => path[0] === 'secrets' && (path.length === 1 || path[1] === '*')))
      .map(({ offset, whole }) => ({
        rule: 'workflow.all-secrets' as const,
        message: `${whole} has every secret in it`,
        replacement: '${{ secrets.NAME }}',
        ...workflow.file.at(scalar.start + offset),
        snippet: whole.slice(0, 120),
      }))
  })
  return [...inherited, ...together]
}
