import { expressionsIn } from '../expressions/find.ts'
import { taintOf } from '../expressions/taint.ts'
import type { HardeningFinding } from '../finding.ts'
import type { WorkflowCheck } from '../workflow/check.ts'
import { scopeOf } from '../workflow/scope.ts'
import type { Step } from '../workflow/workflow.ts'
import { entriesOf, member, type Node } from '../yaml/node.ts'

/** Inputs of widely used actions that are run as code. */
const CODE_INPUTS: Readonly<Record<string, readonly string[]>> = {
  'actions/github-script': ['script'],
  'amadevus/pwsh-script': ['script'],
  'appleboy/ssh-action': ['script'],
  'azure/cli': ['inlinescript'],
  'azure/powershell': ['inlinescript'],
  'jannekem/run-python-script-action': ['script'],
  'nick-fields/retry': ['command', 'on_retry_command', 'new_command_on_retry'],
  'cardinalby/js-eval-action': ['expression'],
  'addnab/docker-run-action': ['run'],
  'mikefarah/yq': ['cmd'],
}

/** Text from outside in a script: the expression is replaced before the script is read. */
export const scriptInjection: WorkflowCheck = (workflow) =>
  workflow.jobs.flatMap((job) =>
    job.steps.flatMap((step) => {
      const scope = scopeOf(workflow, job, step)
      return scriptsOf(step).flatMap((script): HardeningFinding[] => {
        const written = workflow.file.text.slice(script.start, script.end)
        return expressionsIn(written).flatMap(({ offset, whole, inside }) => {
          const taint = taintOf(inside, scope)
          if (!taint) return []
          const name = variableName(inside)
          return [
            {
              rule: 'workflow.script-injection',
              severity: taint.severity,
              message: `${whole} puts ${taint.source} into the script`,
              replacement: `env: { ${name}: '${whole}' }   and in the script   "$${name}"${step.uses ? '   (in JavaScript from the environment)' : ''}`,
              ...workflow.file.at(script.start + offset),
              snippet: whole.slice(0, 200),
            },
          ]
        })
      })
    }),
  )

/** The scripts of a step, where an expression becomes code. */
function scriptsOf(step: Step): Node[] {
  const run = member(step.node, 'run')
  const action = step.uses?.split('@')[0]!.toLowerCase()
  const inputs = action === undefined ? [] : (CODE_INPUTS[action] ?? [])
  const given = entriesOf(member(step.node, 'with')).filter(({ key }) => inputs.includes(key.toLowerCase()))
  return [...(run ? [run] : []), ...given.map(({ value }) => value)]
}

/** `github.event.issue.title` → `ISSUE_TITLE` */
function variableName(inside: string): string {
  const words = /[\w-]+(?:\.[\w-]+)+/.exec(inside)?.[0].split('.') ?? ['value']
  const kept = words.filter((word) => !/^(?:github|event|inputs|outputs|steps|env)$/i.test(word))
  return (kept.length === 0 ? words : kept).join('_').replaceAll('-', '_').toUpperCase()
}
