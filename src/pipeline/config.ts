import type { Step } from '../core/step.ts'
import type { Pipeline } from './pipeline.ts'

export interface LoadOptions {
  /** The steps that the file may use. */
  readonly steps: readonly Step[]
  /** For `${env.NAME}`. */
  readonly env: Readonly<Record<string, string>>
  /** How the file is called in messages; its path when not given. */
  readonly display?: string
}

/**
 * Reads a pipeline file. All mistakes are reported together, each with its line.
 *
 * @throws UserError E_FILE_MISSING, E_CONFIG (`frame` holds all mistakes with their lines), E_CONFIG_CYCLE
 */
export declare function loadPipeline(path: string, options: LoadOptions): Promise<Pipeline>

/** The JSON Schema of the pipeline file, for editors. */
export declare function editorSchema(steps: readonly Step[]): Record<string, unknown>
