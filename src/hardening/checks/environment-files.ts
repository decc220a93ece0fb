import { expressionsIn } from '../expressions/find.ts'
import { taintOf } from '../expressions/taint.ts'
import type { HardeningFinding } from '../finding.ts'
import type { WorkflowCheck } from '../workflow/check.ts'
import { scopeOf } from '../workflow/scope.ts'
import { PRIVILEGED_TRIGGERS, triggersOf } from '../workflow/workflow.ts'
import { entriesOf, member, textOf, type Node } from '../yaml/node.ts'

const TARGET = /\bGITHUB_(ENV|PATH|OUTPUT)\b/

/** Variables with text from outside, written to the files that set variables for later steps. */
export const environmentFiles: WorkflowCheck = (workflow) => {
  const privileged = workflow.kind === 'workflow' && PRIVILEGED_TRIGGERS.some((name) => triggersOf(workflow).has(name))
  return workflow.jobs.flatMap((job) =>
    job.steps.flatMap((step): HardeningFinding[] => {
      const run = member(step.node, 'run')
      if (!run || !step.run || !TARGET.test(step.run)) return []
      const scope = scopeOf(workflow, job, step)
      const tainted = [workflow.root, job.node, step.node].flatMap((node: Node) =>
        entriesOf(member(node, 'env')).filter(({ value }) =>
          expressionsIn(textOf(value) ?? '').some(({ inside }) => taintOf(inside, scope)?.severity === 'high'),
        ),
      )
      const written = workflow.file.text.slice(run.start, run.end)
      return commandsOf(written).flatMap(({ text, offset }) => {
        const file = TARGET.exec(text)?.[1]
        if (file === undefined) return []
        const name = tainted.map(({ key }) => key).find((key) => new RegExp(`\\$\\{?${escape(key)}\\b`).test(text))
        if (name === undefined) return []
        return [
          {
            rule: 'workflow.environment-file',
            severity: privileged && file !== 'OUTPUT' ? 'high' : 'medium',
            message: `$${name}, which strangers can choose, is written to GITHUB_${file}`,
            replacement: `printf '%s=%s\\n' NAME "$(printf '%s' "$${name}" | tr -d '\\r\\n')" >> "$GITHUB_${file}"`,
            ...workflow.file.at(run.start + offset + text.search(/\S/)),
          },
        ]
      })
    }),
  )
}

/** Lines with their continuations, and where each begins. Values that were cleaned of line breaks are taken out. */
function commandsOf(script: string): { text: string; offset: number }[] {
  const commands: { text: string; offset: number }[] = []
  let offset = 0
  let continued = false
  for (const line of script.split('\n')) {
    if (continued) commands.at(-1)!.text += `\n${line}`
    else commands.push({ text: line, offset })
    continued = line.endsWith('\\')
    offset += line.length + 1
  }
  return commands.filter(({ text }) => !/\btr -d\b/.test(text))
}

const escape = (name: string): string => name.replaceAll(/[^\w]/g, String.raw`\$&`)
