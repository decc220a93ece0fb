import { randomUUID } from 'node:crypto'
import { appendFile, stat } from 'node:fs/promises'
import { countVerdicts, type Report } from '../core/report.ts'
import { renderAnnotations, renderStepSummary } from '../report/github.ts'
import { onGithub } from './environment.ts'
import type { Session } from './session.ts'

/**
 * Runs `work` with GitHub's workflow commands switched off, so that no line of a child process or of data can be one.
 * Elsewhere it just runs it.
 */
export async function withoutWorkflowCommands<T>({ env, terminal }: Session, work: () => Promise<T>): Promise<T> {
  if (!onGithub(env)) return work()
  const token = randomUUID()
  terminal.talk.write(`::stop-commands::${token}\n`)
  try {
    return await work()
  } finally {
    terminal.talk.write(`::${token}::\n`)
  }
}

/** On GitHub Actions: annotations, the step summary, and the outputs `verdict`, `passed`, `failed` and `report`. */
export async function publishToGithub({ env, terminal }: Session, report: Report, reportPath?: string): Promise<void> {
  if (!onGithub(env)) return
  terminal.talk.write(renderAnnotations(report))
  const summary = env['GITHUB_STEP_SUMMARY']
  if (summary) {
    const already = await stat(summary).then(
      ({ size }) => size,
      () => 0,
    )
    await appendFile(summary, renderStepSummary(report, already))
  }
  const output = env['GITHUB_OUTPUT']
  if (output) {
    const { pass, fail } = countVerdicts(report)
    const values = {
      verdict: report.verdict,
      passed: pass,
      failed: fail,
      ...(reportPath !== undefined && { report: reportPath }),
    }
    await appendFile(
      output,
      Object.entries(values)
        .map(([name, value]) => `${name}=${oneLine(String(value))}\n`)
        .join(''),
    )
  }
}

const oneLine = (text: string): string => text.replaceAll(/[\r\n]+/g, ' ')
