import type { Command } from 'commander'
import type { AuditFlags } from './commands/audit.ts'
import type { RunFlags } from './commands/run.ts'
import { inconclusiveOption } from './inconclusive-option.ts'
import { addListCommand } from './list-command.ts'
import type { Act } from './act.ts'
import { share, wholeNumber } from './number-flags.ts'
import { sarifOption } from './sarif-option.ts'

/** The commands around the pipeline file and its runs. What they do is loaded when one of them is run. */
export function addPipelineCommands(program: Command, act: Act): void {
  program.commandsGroup('Pipeline:')
  addRun(program, act)
  program
    .command('why <stage>')
    .description('Say whether a stage would come from the cache, and why, field by field.')
    .option('--config <FILE>', 'The pipeline file (default: plimsoll.yaml of the project)')
    .action((stage: string, flags: { config?: string }) =>
      act(async (session) => (await import('./commands/why.ts')).whyCommand(session, stage, flags)),
    )
  program
    .command('audit')
    .description('Say of each gate on a model how often it would block a good one, and what it would see.')
    .option('--config <FILE>', 'The pipeline file (default: plimsoll.yaml of the project)')
    .option('--stage <NAME>', 'The gates of this stage alone')
    .option(
      '--predictions <FILE>',
      'Predictions with their labels (default: those that evaluate has left, else the model is asked)',
    )
    .option('--fail-above <SHARE>', 'Exit with 1 when a gate blocks an equally good model more often than this', share)
    .addHelpText('after', AUDIT_EXAMPLES)
    .action((flags: AuditFlags) => act(async (session) => (await import('./commands/audit.ts')).auditCommand(session, flags)))
  addRuns(program, act)
  const config = program.command('config').description('Look at the pipeline file.')
  config
    .command('check [file]')
    .description('Find every mistake in a pipeline file (default: plimsoll.yaml of the project).')
    .action((file: string | undefined) =>
      act(async (session) => (await import('./commands/config.ts')).checkConfigCommand(session, file)),
    )
}

function addRun(program: Command, act: Act): void {
  program
    .command('run')
    .description('Run the pipeline of plimsoll.yaml.')
    .option('--config <FILE>', 'The pipeline file (default: plimsoll.yaml of the project)')
    .option('--only <STAGES...>', 'These stages and what they need')
    .option('--branch <NAME>', 'The branch, for conditions (default: as CI or git says)')
    .option('--event <NAME>', 'What started it: push, pull_request, manual, … (default: as CI says)')
    .option('--keep-going', 'After a stage has failed, still run those that do not need it')
    .option('--resume [RUN]', 'Go on with an interrupted run (default: the latest)')
    .option('--no-cache', 'Run every stage, whether or not something has changed')
    .option('--keep', 'Leave the environments up that the run has started')
    .addOption(inconclusiveOption())
    .option('--max-parallel <N>', 'Stages that run at the same time', wholeNumber(1))
    .addOption(sarifOption())
    .addHelpText('after', RUN_EXAMPLES)
    .action((flags: RunFlags) => act(async (session) => (await import('./commands/run.ts')).runCommand(session, flags)))
}

const AUDIT_EXAMPLES = `
Examples:
  $ plimsoll audit
  $ plimsoll audit --stage model-validation --fail-above 0.2`

const RUN_EXAMPLES = `
Examples:
  $ plimsoll run --branch main --yes
  $ plimsoll run --only model-validation
  $ plimsoll run --resume`

function addRuns(program: Command, act: Act): void {
  const runs = program.command('runs').description('List or show the runs that there were.')
  addListCommand<{ limit: number }>(runs, 'List the latest runs.', (flags) =>
    act(async (session) => (await import('./commands/runs.ts')).listRunsCommand(session, flags)),
  ).option('--limit <N>', 'How many', wholeNumber(1), 20)
  runs
    .command('show [run]')
    .description('Show a run by its id or the beginning of it (default: the latest).')
    .action((id: string | undefined) =>
      act(async (session) => (await import('./commands/runs.ts')).showRunCommand(session, id ?? 'latest')),
    )
}
