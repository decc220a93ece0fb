import { Option, type Command } from 'commander'
import type { Step } from '../core/step.ts'
import { loadStep } from '../steps/index.ts'
import type { GrantOptions } from './commands/approvals.ts'
import type { CardFlags } from './commands/card.ts'
import type { FsckFlags } from './commands/fsck.ts'
import type { LogFlags } from './commands/log.ts'
import type { GenerateFlags } from './commands/keys.ts'
import { addListCommand } from './list-command.ts'
import { addScanCommands } from './security-commands.ts'
import type { Act } from './act.ts'
import { addDoctor } from './doctor-command.ts'
import { addStepCommand } from './step-command.ts'
import { portNumber, wholeNumber } from './number-flags.ts'

/** As in signing/keys.ts, which is loaded with the command alone. */
const KEY_TYPES = ['ecdsa-p256', 'ed25519'] as const

/** The commands over models, test sets, environments and approvals. What they do is loaded when one of them is run. */
export async function addOperationCommands(
  program: Command,
  named: string | undefined,
  act: Act,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  program.commandsGroup('Operation:')
  addDoctor(program, act)
  addModels(program, act)
  addTestSets(program, act)
  addEnvironments(program, act)
  addScanCommands(program, act)
  addKeys(program, act)
  const approvals = addApprovals(program, act)
  addRecords(program, act)
  if (named === 'approvals') addGrant(approvals, (await loadStep('approve'))!, act, env)
}

function addModels(program: Command, act: Act): void {
  const models = program.command('models').description('List, show or alias the registered models.')
  const commands = () => import('./commands/models.ts')
  addListCommand(models, 'List every model with its versions, newest first.', () =>
    act(async (session) => (await commands()).listModelsCommand(session)),
  )
  models
    .command('show <model>')
    .description('Show a model (mortgage) or one version of it (mortgage/3, mortgage@champion) with its lineage.')
    .action((reference: string) => act(async (session) => (await commands()).showModelCommand(session, reference)))
  models
    .command('alias <version> <alias>')
    .description('Point an alias to a version.')
    .addHelpText('after', '\nExamples:\n  $ plimsoll models alias mortgage/3 champion')
    .action((reference: string, alias: string) =>
      act(async (session) => (await commands()).moveAliasCommand(session, reference, alias)),
    )
}

function addKeys(program: Command, act: Act): void {
  const keys = program.command('keys').description('Make and show the keys that models are signed with.')
  const commands = () => import('./commands/keys.ts')
  keys
    .command('generate')
    .description('Make a pair of keys: NAME.key is secret, NAME.pub is for everybody.')
    .option('--name <NAME>', 'What the files are called', 'plimsoll')
    .addOption(new Option('--type <TYPE>', 'Kind of key').choices(KEY_TYPES).default(KEY_TYPES[0]))
    .option('--output <FOLDER>', 'Where they go; the current folder when not given')
    .addHelpText(
      'after',
      '\nThe secret half is encrypted when PLIMSOLL_KEY_PASSWORD is set.\n\nExamples:\n  $ plimsoll keys generate --name ci --output keys',
    )
    .action((flags: GenerateFlags) => act(async (session) => (await commands()).generateKeyCommand(session, flags)))
  keys
    .command('show <file>')
    .description('Show the type and the id of a key, secret or public; never the key itself.')
    .action((file: string) => act(async (session) => (await commands()).showKeyCommand(session, file)))
}

function addTestSets(program: Command, act: Act): void {
  const testSets = program.command('test-sets').description('List how often each test set was used to decide.')
  addListCommand(testSets, 'List the test sets, how many decisions each was used for, and its budget.', () =>
    act(async (session) => (await import('./commands/test-sets.ts')).listTestSetsCommand(session)),
  )
}

function addEnvironments(program: Command, act: Act): void {
  const environments = program.command('environments').description('List, show, start or stop the environments.')
  const commands = () => import('./commands/environments.ts')
  addListCommand(environments, 'List the environments: what each is at, and where it answers.', () =>
    act(async (session) => (await commands()).listEnvironmentsCommand(session)),
  )
  environments
    .command('show <name>')
    .description('Show an environment, its deployments and the end of its log.')
    .action((name: string) => act(async (session) => (await commands()).showEnvironmentCommand(session, name)))
  environments
    .command('start [names...]')
    .description('Start environments with the release that each is at.')
    .option('--all', 'All of them')
    .option('--port <N>', 'Another port than before; 0 for any free one', portNumber)
    .action((names: string[], flags: { all?: boolean; port?: number }) =>
      act(async (session) => (await commands()).startEnvironmentsCommand(session, names, flags)),
    )
  environments
    .command('stop [names...]')
    .description('Stop environments. They stay at their releases and keep their ports.')
    .option('--all', 'All of them')
    .action((names: string[], flags: { all?: boolean }) =>
      act(async (session) => (await commands()).stopEnvironmentsCommand(session, names, flags)),
    )
}

function addRecords(program: Command, act: Act): void {
  program
    .command('card <version>')
    .description('Write the card of a model version (mortgage/3, mortgage@champion) from its results.')
    .addOption(
      new Option('--format <FORMAT>', 'A Markdown model card, or a CycloneDX bill of materials')
        .choices(['markdown', 'cyclonedx'])
        .default('markdown'),
    )
    .option('--output <FILE>', 'Where it goes (default: standard output)')
    .option('--description <FILE>', 'What only people know: uses, licence, contact (default: model-card.yaml, when that exists)')
    .addHelpText(
      'after',
      '\nExamples:\n  $ plimsoll card mortgage@champion --output README.md\n  $ plimsoll card mortgage/3 --format cyclonedx --output results/mortgage.cdx.json',
    )
    .action((reference: string, flags: CardFlags) =>
      act(async (session) => (await import('./commands/card.ts')).cardCommand(session, reference, flags)),
    )
  program
    .command('log')
    .description('Show the audit log: who did what, and when.')
    .option('--limit <N>', 'The newest entries that are shown', wholeNumber(1), 50)
    .option('--all', 'Also the bookkeeping: steps, cached answers, notes on environments')
    .option('--head', 'Only the end of the log, SEQ:HASH, to keep elsewhere')
    .addHelpText('after', '\nExamples:\n  $ plimsoll log\n  $ plimsoll log --head > audit-head.txt')
    .action((flags: LogFlags) => act(async (session) => (await import('./commands/log.ts')).logCommand(session, flags)))
  program
    .command('fsck')
    .description('Look whether any record, model or result was changed or lost. Nothing is written.')
    .option('--head <SEQ:HASH>', 'An end of the audit log that was kept elsewhere: the log must still go through it')
    .addHelpText('after', '\nExamples:\n  $ plimsoll fsck\n  $ plimsoll fsck --head "$(cat audit-head.txt)"')
    .action((flags: FsckFlags) => act(async (session) => (await import('./commands/fsck.ts')).fsckCommand(session, flags)))
}

function addApprovals(program: Command, act: Act): Command {
  const approvals = program.command('approvals').description('List or grant approvals.')
  addListCommand(approvals, 'List the approvals that were given, and which of them still hold.', () =>
    act(async (session) => (await import('./commands/approvals.ts')).listApprovalsCommand(session)),
  )
  return approvals
}

/** `approvals grant` takes the flags of the step that will look for the approval, so that both speak of the same release. */
function addGrant(approvals: Command, approve: Step, act: Act, env: Readonly<Record<string, string>>): void {
  const grant: Step = {
    ...approve,
    commandName: 'grant',
    summary: 'Write down that somebody agrees to a release, for the approve step to find.',
    examples: ['plimsoll approvals grant --environment production --approver ada --reason "looks good"'],
  }
  addStepCommand(
    approvals,
    grant,
    (params) =>
      act(async (session) => {
        const [{ grantApprovalCommand }, { stepContext }] = await Promise.all([
          import('./commands/approvals.ts'),
          import('./commands/step.ts'),
        ])
        return grantApprovalCommand(session, await stepContext(session), params as unknown as GrantOptions)
      }),
    env,
  )
}
