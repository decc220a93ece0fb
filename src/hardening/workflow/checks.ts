import { environmentFiles } from '../checks/environment-files.ts'
import { permissions } from '../checks/permissions.ts'
import { persistedCredentials } from '../checks/persisted-credentials.ts'
import { publishing } from '../checks/publishing.ts'
import { selfHostedRunners } from '../checks/runners.ts'
import { scriptInjection } from '../checks/script-injection.ts'
import { secretUse } from '../checks/secret-use.ts'
import { shellScripts } from '../checks/shell.ts'
import { unpinnedActions } from '../checks/unpinned-actions.ts'
import { unpinnedImages } from '../checks/unpinned-images.ts'
import { untrustedCheckout } from '../checks/untrusted-checkout.ts'
import type { HardeningFinding } from '../finding.ts'
import type { TextFile } from '../text-file.ts'
import { readYaml } from '../yaml/read.ts'
import type { WorkflowCheck } from './check.ts'
import { workflowOf } from './workflow.ts'

const CHECKS: readonly WorkflowCheck[] = [
  unpinnedActions,
  unpinnedImages,
  permissions,
  scriptInjection,
  environmentFiles,
  untrustedCheckout,
  selfHostedRunners,
  secretUse,
  publishing,
  persistedCredentials,
  shellScripts,
]

export const isWorkflow = (path: string): boolean => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)
export const isAction = (path: string): boolean => /(?:^|\/)action\.ya?ml$/.test(path)

/** Everything that is unsafe in a workflow or a composite action. */
export function workflowFindings(file: TextFile): HardeningFinding[] {
  const reading = readYaml(file.text)
  if ('problem' in reading) {
    if (!isWorkflow(file.path)) return []
    return [
      {
        rule: 'workflow.unreadable',
        message: `The workflow cannot be read: ${reading.problem}`,
        ...file.at(reading.offset ?? 0),
      },
    ]
  }
  const workflow = workflowOf(file, reading.documents[0])
  if (workflow) {
    // What stands in the file once and is used by an alias is found wherever it is used.
    const seen = new Set<string>()
    return CHECKS.flatMap((check) => [...check(workflow)]).filter(({ rule, line, column, message }) => {
      const key = JSON.stringify([rule, line, column, message])
      return seen.has(key) ? false : seen.add(key)
    })
  }
  if (isWorkflow(file.path)) {
    return [{ rule: 'workflow.unreadable', message: 'The file is no workflow: it has no keys', ...file.at(0) }]
  }
  return []
}
