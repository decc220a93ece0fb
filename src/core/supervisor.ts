import { z } from 'zod'

/** Which model a server serves, and as which release: what a deployment tells the supervisor of an environment. */
export const ServerSpec = z.strictObject({
  releaseId: z.string().min(1),
  modelName: z.string().min(1),
  modelVersion: z.string().min(1),
  /** Absolute. */
  modelPath: z.string().min(1),
  /** `sha256:<hex>`; the server refuses to start on other bytes. */
  modelDigest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  /** The Python that loads a Python model. */
  python: z.string().min(1).optional(),
})
export type ServerSpec = z.output<typeof ServerSpec>

/** What a supervisor writes down of itself once its model is ready. It holds the control token, so only its owner may read it. */
export interface SupervisorState {
  readonly pid: number
  /** Where requests go. */
  readonly port: number
  /** Where the control API is, on the loopback interface. */
  readonly controlPort: number
  readonly token: string
  readonly releaseId: string
}
