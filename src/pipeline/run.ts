import type { Report } from '../core/report.ts'
import type { RunOptions } from './run-options.ts'

/**
 * Runs a pipeline and answers its report (kind `run`). Gates that say no, and stages that break, are in the report.
 * On abort every child process is stopped, unfinished stages are reported as errors, and the run can be resumed.
 *
 * @throws UserError E_CONFLICT when another run of this project is in progress, E_NOT_FOUND for an unknown stage in `only` or run in `resume`
 */
export declare function runPipeline(options: RunOptions): Promise<Report>
