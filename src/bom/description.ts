import { parse } from 'yaml'
import { z } from 'zod'
import { messageOf, UserError } from '../core/errors.ts'
import { firstIssue } from '../core/issues.ts'

const text = z.string().trim().min(1)
const texts = z.array(text).default([])

/** What only people know of a model: the file `model-card.yaml` of a project. */
const Description = z.strictObject({
  summary: text.optional().describe('What the model does, in one paragraph'),
  license: text.optional().describe('An SPDX identifier such as Apache-2.0, or "other"'),
  'license-name': text.optional().describe('The name of a licence that has no SPDX identifier'),
  'license-link': z.url().optional(),
  authors: z.array(z.strictObject({ name: text, email: z.email().optional() })).default([]),
  organization: z.strictObject({ name: text, url: z.url().optional() }).optional(),
  contact: text.optional(),
  repository: z.url().optional(),
  documentation: z.url().optional(),
  'pipeline-tag': text.optional().describe('A task of the Hugging Face hub, such as tabular-classification'),
  library: text.optional().describe('The library that loads the model, such as sklearn or onnx'),
  approach: z.enum(['supervised', 'unsupervised', 'reinforcement-learning', 'semi-supervised', 'self-supervised']).optional(),
  architecture: text.optional().describe('Such as gradient boosted trees'),
  'base-model': text.optional(),
  languages: texts,
  tags: texts,
  users: texts.describe('Who the model is for'),
  'intended-uses': texts,
  'out-of-scope-uses': texts,
  limitations: texts,
  tradeoffs: texts,
  'ethical-considerations': z.array(z.strictObject({ name: text, mitigation: text.optional() })).default([]),
  fairness: z
    .array(z.strictObject({ group: text, benefits: text.optional(), harms: text.optional(), mitigation: text.optional() }))
    .default([]),
  datasets: z
    .array(
      z.strictObject({
        name: text,
        path: text.optional().describe('The path under which the lineage names it'),
        url: z.url().optional(),
        license: text.optional(),
        description: text.optional(),
        'sensitive-data': texts,
      }),
    )
    .default([]),
  sections: z.record(z.string(), text).default({}).describe('Further sections of the Markdown card, by heading'),
})
export type Description = z.output<typeof Description>

export const NO_DESCRIPTION: Description = Description.parse({})

/**
 * Reads what people say of a model, from YAML or JSON.
 *
 * @param shown the path as the user named it
 * @throws UserError E_CONFIG
 */
export function parseDescription(content: string, shown: string): Description {
  let value: unknown
  try {
    value = parse(content, { maxAliasCount: 0 }) ?? {}
  } catch (error) {
    throw new UserError('E_CONFIG', `${shown} is not YAML: ${messageOf(error).split('\n')[0]}`, { location: { file: shown } })
  }
  const parsed = Description.safeParse(value)
  if (parsed.success) return parsed.data
  throw new UserError('E_CONFIG', `${shown}: ${firstIssue(parsed.error)}`, {
    hint: 'docs/guides/model-cards.md lists what can be said there.',
    location: { file: shown },
  })
}
