import type { HardeningFinding } from '../finding.ts'
import { placeOf, type WorkflowCheck } from '../workflow/check.ts'
import { textOfStep, triggersOf, type Job, type Workflow } from '../workflow/workflow.ts'
import { entriesOf, member, textOf } from '../yaml/node.ts'

/** Actions and commands that give something out: packages, images, releases, signatures. */
const PUBLISHES =
  /\b(?:npm|pnpm|yarn|cargo|poetry|uv|flit|hatch) publish\b|\btwine upload\b|\bgh release (?:create|upload)\b|\bdocker(?: image)? push\b|\bdocker buildx build\b[^\n]{0,300}--push\b|\bcosign (?:sign|attest)|\bgem push\b|\bhelm push\b|\bplimsoll (?:sign|register-model)\b|pypa\/gh-action-pypi-publish@|softprops\/action-gh-release@|ncipollo\/release-action@|goreleaser\/goreleaser-action@|actions\/attest(?:-build-provenance|-sbom)?@/
const BUILD_PUSH = /docker\/build-push-action@/
const DEPLOYS =
  /\bkubectl (?:apply|rollout|set image|replace)\b|\bhelm (?:upgrade|install)\b|\bterraform apply\b|\bpulumi up\b|\baws (?:ecs update-service|lambda update-function-code|sagemaker (?:create|update)-endpoint)|\bgcloud (?:run deploy|app deploy|ai endpoints deploy-model)|\baz (?:webapp|containerapp|ml online-deployment)\b|\bflyctl deploy\b|\bplimsoll deploy\b|actions\/deploy-pages@|azure\/webapps-deploy@|google-github-actions\/deploy-cloudrun@|aws-actions\/amazon-ecs-deploy-task-definition@|azure\/k8s-deploy@/i

/** Jobs that publish from a cache, and jobs that deploy without an environment. */
export const publishing: WorkflowCheck = (workflow) =>
  workflow.kind === 'action' ? [] : workflow.jobs.flatMap((job) => [...cachesOf(workflow, job), ...environmentOf(workflow, job)])

function cachesOf(workflow: Workflow, { id, steps }: Job): HardeningFinding[] {
  const publishes = steps.some((step) => {
    const text = textOfStep(step, workflow.file)
    return PUBLISHES.test(text) || (BUILD_PUSH.test(text) && /^\s*push:\s*['"]?true/m.test(text))
  })
  if (!publishes) return []
  return steps.flatMap((step): HardeningFinding[] => {
    const settings = member(step.node, 'with')
    const uses = step.uses?.toLowerCase() ?? ''
    const entry = entriesOf(settings).find(
      ({ key, value }) =>
        (/^(?:cache|enable-cache|cache-from)$/.test(key) && !['', 'false'].includes(textOf(value) ?? '')) ||
        (key === 'cache' && uses.startsWith('actions/setup-go@') && textOf(value) === 'true'),
    )
    const restores = /^actions\/cache(?:\/restore)?@|^swatinem\/rust-cache@|^mozilla-actions\/sccache/.test(uses)
    if (!entry && !restores) return []
    const node = restores ? member(step.node, 'uses')! : { start: entry!.keyStart, end: entry!.value.end }
    return [
      {
        rule: 'workflow.release-cache',
        message: `The job ${id} publishes or signs, and restores a cache`,
        replacement: 'build it in this job without a cache, or take an artifact of a job of the same run',
        ...placeOf(workflow, node),
      },
    ]
  })
}

function environmentOf(workflow: Workflow, { id, node, keyStart, steps }: Job): HardeningFinding[] {
  if (member(node, 'environment')) return []
  const triggers = [...triggersOf(workflow).keys()]
  // Of a called workflow the caller's job may be the one with the environment; what a pull request starts has no secrets to protect.
  if (triggers.length > 0 && triggers.every((name) => name === 'workflow_call' || name === 'pull_request')) return []
  const deploys = steps.some((step) => DEPLOYS.test(textOfStep(step, workflow.file)))
  if (!deploys) return []
  return [
    {
      rule: 'workflow.environment',
      message: `The job ${id} deploys, and names no environment`,
      replacement: 'environment: production',
      ...placeOf(workflow, { start: keyStart, end: keyStart + id.length }),
    },
  ]
}
