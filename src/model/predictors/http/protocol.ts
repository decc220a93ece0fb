import { z } from 'zod'

/** The parts of the Open Inference Protocol v2 that are used; whatever else an answer holds is let be. */
export const Tensor = z.object({
  name: z.string(),
  datatype: z.string(),
  shape: z.array(z.number().int()),
  parameters: z.record(z.string(), z.unknown()).optional(),
})
export const Server = z.object({ models: z.array(z.string()).optional() })
export const Model = z.object({
  inputs: z.array(Tensor).default([]),
  outputs: z.array(Tensor).default([]),
  /** Our server's extension; something else of that name is not ours to understand. */
  parameters: z
    .object({ feature_importances: z.record(z.string(), z.number().nonnegative()) })
    .optional()
    .catch(undefined),
})
export const InferAnswer = z.object({ outputs: z.array(Tensor.extend({ data: z.array(z.unknown()) })) })
export type OutputTensor = z.output<typeof InferAnswer>['outputs'][number]
export type InputTensor = z.output<typeof Tensor>
export type Metadata = z.output<typeof Model>
