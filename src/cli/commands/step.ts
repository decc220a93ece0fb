import { systemClock } from '../../core/clock.ts'
import type { Step, StepContext } from '../../core/step.ts'
import type { InconclusivePolicy } from '../../core/verdict.ts'
import { gitInfo } from '../../drivers/git.ts'
import { palette } from '../../report/text.ts'
import { printable } from '../../report/wording.ts'
import { eventOf, policyOf } from '../environment.ts'
import { publishToGithub, withoutWorkflowCommands } from '../github.ts'
import { printReport } from '../output.ts'
import type { Session } from '../session.ts'
import { askOnTerminal } from '../terminal/ask.ts'

export interface StepCommandFlags {
  readonly policy: InconclusivePolicy | undefined
  /** Where the report also goes as SARIF. */
  readonly sarif: string | undefined
}

/** Runs one step as a command of its own, prints its report, and answers the exit code. */
export async function runStepCommand(
  session: Session,
  step: Step,
  params: Record<string, unknown>,
  { policy, sarif }: StepCommandFlags,
): Promise<number> {
  const inconclusive = policy ?? policyOf(eventOf(session.env))
  const context = await stepContext(session)
  const [report, code] = await withoutWorkflowCommands(session, async () => {
    const report = await step.run(context, params)
    const code = printReport(session, report, inconclusive)
    if (sarif !== undefined) await (await import('../sarif-file.ts')).writeSarif(session.cwd, sarif, report, { exitCode: code })
    return [report, code] as const
  })
  await publishToGithub(session, report)
  return code
}

/** What a step knows of the world when it is run as a command. */
export async function stepContext(session: Session): Promise<StepContext> {
  const { cwd, stateDir, env, terminal, assumeYes } = session
  const signal = session.interruptible()
  const { dim } = palette(terminal.talk.color)
  return {
    cwd,
    stateDir,
    env,
    signal,
    clock: systemClock,
    git: await gitInfo(cwd, env),
    run: null,
    assumeYes,
    ask: terminal.canAsk ? (question) => askOnTerminal(terminal.talk, question, signal) : null,
    say: (line) => session.say(dim(printable(line))),
  }
}
