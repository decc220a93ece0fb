import type { Command } from 'commander'
import type { InconclusivePolicy } from '../core/verdict.ts'
import type { Act } from './act.ts'
import { inconclusiveOption } from './inconclusive-option.ts'
import { addStepCommand } from './step-command.ts'

const SUMMARY = 'Test predictions that are in a file: every metric with its interval, and the verdicts of the tests.'

/** `plimsoll test FILE`, the quickest start; its flags only when it is `named`, so that other commands start fast. */
export async function addTestCommand(
  program: Command,
  named: string | undefined,
  act: Act,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  program.commandsGroup('Quick start:')
  if (named !== 'test') {
    program.command('test').argument('[predictions]').description(SUMMARY)
    return
  }
  const { testStep } = await import('./commands/test.ts')
  const step = { ...testStep, summary: SUMMARY }
  const command = addStepCommand(
    program,
    step,
    (params) =>
      act(async (session) => {
        const policy = command.getOptionValue('inconclusive') as InconclusivePolicy | undefined
        return (await import('./commands/test.ts')).testCommand(session, params as never, policy)
      }),
    env,
  )
  command.addOption(inconclusiveOption())
}
