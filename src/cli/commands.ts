import { InvalidArgumentError, Option, type Command } from 'commander'
import type { RunFlags } from './commands/run.ts'
import type { Action } from './program.ts'

/** The commands that are not steps. */
export const COMMAND_NAMES: readonly string[] = ['run', 'why', 'runs', 'config']

type Run = (action: Action) => Promise<void>

/** Adds the commands that are not steps. What they do is loaded when one of them is run. */
export function addCommands(program: Command, run: Run): void {
  program.commandsGroup('Pipeline:')
  addRun(program, run)
  program
    .command('why <stage>')
    .description('Say whether a stage would come from the cache, and why, field by field.')
    .option('--config <FILE>', 'The pipeline file (default: plimsoll.yaml of the project)')
    .action((stage: string, flags: { config?: string }) =>
      run(async (session) => (await import('./commands/why.ts')).whyCommand(session, stage, flags)),
    )
  addRuns(program, run)
  const config = program.command('config').description('Look at the pipeline file.')
  config
    .command('check [file]')
    .description('Find every mistake in a pipeline file (default: plimsoll.yaml of the project).')
    .action((file: string | undefined) =>
      run(async (session) => (await import('./commands/config.ts')).checkConfigCommand(session, file)),
    )
}

function addRun(program: Command, run: Run): void {
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
    .option('--max-parallel <N>', 'Stages that run at the same time', positiveInteger)
    .addHelpText('after', RUN_EXAMPLES)
    .action((flags: RunFlags) => run(async (session) => (await import('./commands/run.ts')).runCommand(session, flags)))
}

const RUN_EXAMPLES = `
Examples:
  $ plimsoll run --branch main --yes
  $ plimsoll run --only model-validation
  $ plimsoll run --resume`

function addRuns(program: Command, run: Run): void {
  const runs = program.command('runs').description('Look at the runs that there were.')
  runs
    .command('list')
    .description('List the latest runs.')
    .option('--limit <N>', 'How many', positiveInteger, 20)
    .action((flags: { limit: number }) =>
      run(async (session) => (await import('./commands/runs.ts')).listRunsCommand(session, flags)),
    )
  runs
    .command('show [run]')
    .description('Show a run by its id or the beginning of it (default: the latest).')
    .action((id: string | undefined) =>
      run(async (session) => (await import('./commands/runs.ts')).showRunCommand(session, id ?? 'latest')),
    )
}

const POLICIES: ReadonlySet<string> = new Set(['block', 'warn'])

/** What an inconclusive gate does; of `run` and of every step. */
export function inconclusiveOption(): Option {
  const text = 'What too little evidence does [block, warn] (default: block; on a pull request: warn)'
  return new Option('--inconclusive <POLICY>', text).argParser((given) => {
    if (POLICIES.has(given)) return given
    throw new InvalidArgumentError('block or warn is expected.')
  })
}

function positiveInteger(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('A whole number from 1 is expected.')
}
