import { entriesOf, itemsOf, member, textOf, type MapNode, type Node } from '../yaml/node.ts'
import type { TextFile } from '../text-file.ts'

/** A workflow of GitHub Actions, or a composite action, which is a list of steps without triggers. */
export interface Workflow {
  readonly file: TextFile
  readonly kind: 'workflow' | 'action'
  readonly root: MapNode
  readonly jobs: readonly Job[]
}

export interface Job {
  readonly id: string
  readonly node: Node
  readonly keyStart: number
  readonly steps: readonly Step[]
}

export interface Step {
  readonly node: Node
  readonly id: string | undefined
  readonly uses: string | undefined
  readonly run: string | undefined
}

/** The workflow or composite action that a document is; undefined when it is neither. */
export function workflowOf(file: TextFile, root: Node | undefined): Workflow | undefined {
  if (root?.kind !== 'map') return undefined
  const runs = member(root, 'runs')
  const isAction = /(?:^|\/)action\.ya?ml$/.test(file.path)
  if (isAction) {
    if (!runs) return undefined
    return { file, kind: 'action', root, jobs: [{ id: 'runs', node: runs, keyStart: runs.start, steps: stepsOf(runs) }] }
  }
  const jobs = entriesOf(member(root, 'jobs')).map(({ key, keyStart, value }) => ({
    id: key,
    node: value,
    keyStart,
    steps: stepsOf(value),
  }))
  return { file, kind: 'workflow', root, jobs }
}

const stepsOf = (job: Node): Step[] =>
  itemsOf(member(job, 'steps')).map((node) => ({
    node,
    id: textOf(member(node, 'id')),
    uses: textOf(member(node, 'uses')),
    run: textOf(member(node, 'run')),
  }))

/** The names of the events that start it. */
export function triggersOf({ root }: Workflow): Map<string, { at: number; settings: Node | undefined }> {
  // YAML 1.1 reads the key `on` as true.
  const on = member(root, 'on') ?? member(root, 'true')
  if (on?.kind === 'scalar') return new Map([[on.text, { at: on.start, settings: undefined }]])
  if (on?.kind === 'list') {
    return new Map(
      on.items.flatMap((item) => (item.kind === 'scalar' ? [[item.text, { at: item.start, settings: undefined }] as const] : [])),
    )
  }
  return new Map(entriesOf(on).map(({ key, keyStart, value }) => [key, { at: keyStart, settings: value }]))
}

/** Events that a stranger can cause and that run with the rights of the repository. */
export const PRIVILEGED_TRIGGERS = ['pull_request_target', 'workflow_run', 'issue_comment'] as const

/** What runs in a job, as one text: for what is told by words. */
export const textOfStep = ({ node }: Step, file: TextFile): string => file.text.slice(node.start, node.end)
