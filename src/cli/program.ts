import { Command, CommanderError, type Argument } from 'commander'
import { secretsOfEnvironment } from '../core/environment-secrets.ts'
import { UserError } from '../core/errors.ts'
import { redactor } from '../core/redact.ts'
import { EXIT_COULD_NOT_DECIDE } from '../core/verdict.ts'
import { version } from '../drivers/self.ts'
import { secretsIn } from '../pipeline/variables.ts'
import type { Action } from './act.ts'
import { addDataCommands } from './data-commands.ts'
import { definedEnv, onGithub } from './environment.ts'
import { errorDocument, formatError, thrownCode } from './errors.ts'
import { addOperationCommands } from './operation-commands.ts'
import { addPipelineCommands } from './pipeline-commands.ts'
import { addServingCommands } from './serving-commands.ts'
import { openSession, type GlobalOptions } from './session.ts'
import { addStepCommands } from './step-command.ts'
import { addTestCommand } from './test-command.ts'
import { openTerminal, type Terminal } from './terminal/terminal.ts'

type Env = Readonly<Record<string, string>>

/** Runs the command line and answers the exit code. Everything is written when it resolves. */
export async function runCli(argv: readonly string[]): Promise<number> {
  const env = definedEnv(process.env)
  const redact = redactor([...secretsOfEnvironment(env), ...secretsIn(argv).map((name) => env[name] ?? '')])
  const terminal = openTerminal(env, {
    color: !argv.includes('--no-color'),
    oneStream: onGithub(env) && !argv.includes('--json'),
    redact,
  })
  let signal: AbortSignal | undefined
  let code = 0
  const act = async (program: Command, action: Action) => {
    const session = openSession(program.opts<GlobalOptions>(), { from: process.cwd(), env, terminal, redact })
    code = await action({ ...session, interruptible: () => (signal = session.interruptible()) })
  }
  try {
    // Not an option of the program: `deploy --version mortgage/3` is a flag of the command's own.
    if (commandOf(argv) === undefined && argv.some((argument) => argument === '--version' || argument === '-V')) {
      terminal.out.write(`${version()}\n`)
      return 0
    }
    const program = await createProgram(argv, { env, terminal }, act)
    await program.parseAsync(argv, { from: 'user' })
  } catch (thrown) {
    code = report(signal?.aborted ? signal.reason : thrown, argv, env, terminal)
  }
  await terminal.flush()
  return code
}

/**
 * Prints what was thrown, unless it is only how a command line or an interrupt ends, and answers the exit code. With `--json`
 * standard output gets a document in any case; a person still finds the words on standard error.
 */
function report(thrown: unknown, argv: readonly string[], env: Env, terminal: Terminal): number {
  const { out, talk } = terminal
  if (thrown instanceof CommanderError) {
    if (thrown.exitCode === 0) return 0
    if (thrown.code === 'commander.help') return EXIT_COULD_NOT_DECIDE // the help was shown: nothing was asked for
    return report(usageError(thrown, commandOf(argv)), argv, env, terminal)
  }
  const code = thrownCode(thrown)
  if (code !== EXIT_COULD_NOT_DECIDE) return code
  if (argv.includes('--json')) out.write(`${JSON.stringify(errorDocument(thrown), null, 2)}\n`)
  const stack = argv.includes('--verbose') || Boolean(env['PLIMSOLL_DEBUG'])
  talk.write(formatError(thrown, { color: talk.color, stack }))
  return code
}

/** commander's `error: unknown option '--treshold'\n(Did you mean --threshold?)` in our words. */
function usageError({ code, message }: CommanderError, command: string | undefined): UserError {
  const [what = '', suggestion] = message.replace(/^error: /, '').split('\n')
  const near = suggestion?.replace(/^\(|\)$/g, '')
  const isKnown = command !== undefined && code !== 'commander.unknownCommand'
  const sentence = what.charAt(0).toUpperCase() + what.slice(1)
  return new UserError('E_USAGE', /[.!?]$/.test(sentence) ? sentence : `${sentence}.`, {
    hint: near ?? (isKnown ? `See plimsoll ${command} --help.` : 'See plimsoll --help.'),
  })
}

/**
 * The commands that this command line can mean: all of them for help and for names that are mistyped, else only the one that
 * is asked for, so that it starts fast.
 */
async function createProgram(
  argv: readonly string[],
  { env, terminal }: { env: Env; terminal: Terminal },
  act: (program: Command, action: Action) => Promise<void>,
): Promise<Command> {
  const program = bareProgram()
  program
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.talk.write(text),
      outputError: () => {}, // it is thrown too, and shown in our words
      getOutHelpWidth: () => Math.min(terminal.out.width ?? 110, 130),
      getErrHelpWidth: () => Math.min(terminal.talk.width ?? 110, 130),
      getOutHasColors: () => terminal.out.color,
      getErrHasColors: () => terminal.talk.color,
    })
    .exitOverride()
  const named = commandOf(argv)
  const run = (action: Action) => act(program, action)
  await addTestCommand(program, named, run, env)
  addPipelineCommands(program, run)
  await addOperationCommands(program, named, run, env)
  addServingCommands(program, run)
  await addDataCommands(program, named, run)
  if (!program.commands.some((command) => command.name() === named)) await addStepCommands(program, named, run, env)
  return program
}

/** Every command, to describe them; none of them does anything. */
export async function fullProgram(): Promise<{ program: Command; stepNames: ReadonlySet<string> }> {
  const program = bareProgram()
  const act = () => Promise.resolve()
  await addTestCommand(program, 'test', act, {})
  addPipelineCommands(program, act)
  await addOperationCommands(program, 'approvals', act, {})
  addServingCommands(program, act)
  await addDataCommands(program, 'data', act)
  const before = new Set(program.commands)
  await addStepCommands(program, undefined, act, {})
  const steps = program.commands.filter((command) => !before.has(command))
  return { program, stepNames: new Set(steps.map((command) => command.name())) }
}

function bareProgram(): Command {
  return new Command('plimsoll')
    .description('CI/CD for machine-learning models, with honest gates: every verdict says what it measured and how sure it is.')
    .option('--cwd <FOLDER>', 'Work in this folder')
    .option('--json', 'Print one JSON document on standard output')
    .option('--no-color', 'No colours (NO_COLOR does the same)')
    .option('-q, --quiet', 'No progress, only the result')
    .option('-v, --verbose', 'All output of the steps, and all measurements')
    .option('-y, --yes', 'Answer questions with yes')
    .helpOption('-h, --help', 'Show help')
    .helpCommand('help [command]', 'Show the help of a command.')
    .configureHelp({
      showGlobalOptions: true,
      // Every command has flags; saying so behind each name is noise.
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' '),
    })
    .addHelpText('after', HELP)
}

const argumentTerm = (argument: Argument): string => (argument.required ? `<${argument.name()}>` : `[${argument.name()}]`)

const HELP = `
Exit codes: 0 pass (warnings allowed), 1 a gate said no, 2 could not decide, 130 and 143 stopped by a signal.
Start with "plimsoll run" in a folder that has a plimsoll.yaml. "plimsoll --version" prints the version.`

/** The first word that is not a flag or the value of one. */
function commandOf(argv: readonly string[]): string | undefined {
  return argv.find((argument, index) => !argument.startsWith('-') && argv[index - 1] !== '--cwd')
}
