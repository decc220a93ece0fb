import type { HardeningFinding } from '../finding.ts'
import { placeOf, type WorkflowCheck } from '../workflow/check.ts'
import { entriesOf, member, type Node } from '../yaml/node.ts'

/** Containers and services of jobs whose image has no digest, and passwords that stand beside them. */
export const unpinnedImages: WorkflowCheck = (workflow) =>
  workflow.jobs.flatMap(({ node }) => {
    const services = entriesOf(member(node, 'services')).map(({ value }) => value)
    return [member(node, 'container'), ...services].flatMap((container): HardeningFinding[] => {
      const image = container?.kind === 'scalar' ? container : member(container, 'image')
      return [...(image ? unpinned(image) : []), ...passwordOf(member(member(container, 'credentials'), 'password'))].map(
        ({ node, ...finding }) => ({
          ...finding,
          ...(finding.rule === 'workflow.unpinned-image' ? placeOf(workflow, node) : workflow.file.at(node.start)),
        }),
      )
    })
  })

type Problem = Pick<HardeningFinding, 'rule' | 'message' | 'replacement'> & { readonly node: Node }

function unpinned(image: Node): Problem[] {
  const name = image.kind === 'scalar' ? image.text : ''
  // An image that an expression gives cannot be told; where there is no container the expression is empty.
  if (name === '' || name.includes('${{') || /@sha256:[0-9a-f]{64}$/.test(name)) return []
  return [
    {
      node: image,
      rule: 'workflow.unpinned-image',
      message: `The image ${name} has no digest`,
      replacement: `image: ${name}@sha256:DIGEST   (docker buildx imagetools inspect ${name})`,
    },
  ]
}

function passwordOf(node: Node | undefined): Problem[] {
  if (node?.kind !== 'scalar' || node.text === '' || node.text.includes('${{')) return []
  return [
    {
      node,
      rule: 'workflow.static-credentials',
      message: 'The password of a container registry stands in the workflow',
      replacement: 'password: ${{ secrets.REGISTRY_PASSWORD }}',
    },
  ]
}
