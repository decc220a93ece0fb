import { shellProblems } from '../shell-commands.ts'
import type { WorkflowCheck } from '../workflow/check.ts'
import { member } from '../yaml/node.ts'

/** What the scripts of a workflow download and install. */
export const shellScripts: WorkflowCheck = (workflow) =>
  workflow.jobs.flatMap(({ steps }) =>
    steps.flatMap(({ node }) => {
      const run = member(node, 'run')
      if (!run) return []
      return shellProblems(workflow.file.text.slice(run.start, run.end)).map(({ offset, ...problem }) => ({
        ...problem,
        ...workflow.file.at(run.start + offset),
      }))
    }),
  )
