import type { StepContext } from '../core/step.ts'
import { exec } from '../drivers/exec.ts'
import { version } from '../drivers/self.ts'

/** What a training command is told: paths as they were written, relative to the project folder. */
export interface TrainingInputs {
  readonly config?: string | undefined
  readonly data?: string | undefined
  readonly model: string
  readonly metrics?: string | undefined
  readonly seed: number
}

/** Programs whose version says something about the result. */
const TOOLS = /^(?:.*\/)?(python[\d.]*|node|Rscript|julia|java)$/

/** Each placeholder as one word of the shell. Braces that are none of ours stay. */
export function fillPlaceholders(command: string, { config, data, model, metrics, seed }: TrainingInputs): string {
  const values: Readonly<Record<string, string | undefined>> = { config, data, model, metrics, seed: String(seed) }
  return command.replace(/\{(config|data|model|metrics|seed)\}/g, (placeholder, name: string) => {
    const value = values[name]
    return value === undefined ? placeholder : shellWord(value)
  })
}

function shellWord(text: string): string {
  if (/^[\w./:@%+=,-]+$/.test(text)) return text
  return process.platform === 'win32' ? `"${text.replaceAll('"', '""')}"` : `'${text.replaceAll("'", "'\\''")}'`
}

/** The same as environment variables. */
export function trainingVariables(
  { env }: StepContext,
  { config, data, model, metrics, seed }: TrainingInputs,
): Record<string, string> {
  return {
    PLIMSOLL_MODEL: model,
    PLIMSOLL_SEED: String(seed),
    ...(config !== undefined && { PLIMSOLL_CONFIG: config }),
    ...(data !== undefined && { PLIMSOLL_DATA: data }),
    ...(metrics !== undefined && { PLIMSOLL_METRICS: metrics }),
    ...(env['PYTHONHASHSEED'] === undefined && { PYTHONHASHSEED: String(seed % 4294967296) }),
  }
}

/** Plimsoll's version, and that of the program that the command begins with. */
export async function toolVersions(command: string, { cwd, env, signal }: StepContext): Promise<Record<string, string>> {
  const tools: Record<string, string> = { plimsoll: version() }
  const [program] = command.trim().split(/\s+/)
  const name = TOOLS.exec(program ?? '')?.[1]
  if (program === undefined || name === undefined) return tools
  const { tail, exitCode } = await exec([program, '--version'], { cwd, env, signal, timeout: 10_000 })
  if (exitCode === 0 && tail[0] !== undefined) tools[name] = tail[0].trim()
  return tools
}
