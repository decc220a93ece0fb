import { placeOf, type WorkflowCheck } from '../workflow/check.ts'
import { textOfStep } from '../workflow/workflow.ts'
import { member, textOf } from '../yaml/node.ts'

const PUSHES =
  /\bgit\s+(?:[^\n]{0,100}\s)?push\b|\bgit\s+submodule\b|stefanzweifel\/git-auto-commit-action@|ad-m\/github-push-action@|peter-evans\/create-pull-request@|changesets\/action@|EndBug\/add-and-commit@/

/** Checkouts that leave the token in .git/config although no later step pushes. */
export const persistedCredentials: WorkflowCheck = (workflow) =>
  workflow.jobs.flatMap(({ steps }) =>
    steps.flatMap((step, index) => {
      if (!step.uses?.toLowerCase().startsWith('actions/checkout@')) return []
      if (textOf(member(member(step.node, 'with'), 'persist-credentials')) === 'false') return []
      const later = steps.slice(index + 1)
      if (later.some((each) => PUSHES.test(textOfStep(each, workflow.file)))) return []
      const leaks = later.some(
        (each) =>
          each.uses?.startsWith('actions/upload-artifact@') &&
          /^(?:\.|\.\/|\$\{\{\s*github\.workspace\s*\}\}\/?|\*\*\/?\*?)$/.test(
            textOf(member(member(each.node, 'with'), 'path'))?.trim() ?? '',
          ),
      )
      return [
        {
          rule: 'workflow.persisted-credentials' as const,
          severity: leaks ? ('high' as const) : ('low' as const),
          message: leaks
            ? 'The token stays in .git/config, and an artifact with the whole folder is uploaded'
            : 'The token stays in .git/config for the later steps, and none of them pushes',
          replacement: 'with: { persist-credentials: false }',
          ...placeOf(workflow, member(step.node, 'uses')!),
        },
      ]
    }),
  )
