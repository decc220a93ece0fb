import { systemClock } from '../../core/clock.ts'
import { UserError } from '../../core/errors.ts'
import { redactDeep } from '../../core/redact.ts'
import type { Step, StepContext } from '../../core/step.ts'
import type { InconclusivePolicy } from '../../core/verdict.ts'
import type { Report } from '../../core/report.ts'
import { noteInLog, writtenFiles } from '../../drivers/audit-log.ts'
import { gitInfo } from '../../drivers/git.ts'
import { palette } from '../../report/text.ts'
import { actorOf } from '../../steps/actor.ts'
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
    const report = redactDeep(await step.run(context, params), session.redact)
    noteStep(context, report)
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

/** A step that is run by hand leaves files and says something of a model too. */
function noteStep(context: StepContext, { name, verdict, subject, artifacts }: Report): void {
  try {
    noteInLog(context.stateDir, {
      action: 'step.ran',
      subject: name,
      actor: actorOf(context),
      at: context.clock.now(),
      details: { verdict, ...(subject && { subject }), ...writtenFiles(context.cwd, artifacts) },
    })
  } catch (error) {
    // What the step has found is not lost with it.
    if (!(error instanceof UserError)) throw error
    context.say(`This is not in the audit log: ${error.message}`)
  }
}
