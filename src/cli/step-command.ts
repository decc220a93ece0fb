import { Option, type Command } from 'commander'
import { UserError } from '../core/errors.ts'
import { redactor } from '../core/redact.ts'
import type { Step } from '../core/step.ts'
import type { InconclusivePolicy } from '../core/verdict.ts'
import { toParamNames } from '../pipeline/param-names.ts'
import { fillSecrets, secretsIn } from '../pipeline/variables.ts'
import { loadStep, loadSteps } from '../steps/index.ts'
import { inconclusiveOption } from './inconclusive-option.ts'
import { flagError } from './flag-issues.ts'
import { flagValue, type GivenFlag } from './flag-values.ts'
import { flagsOf, flagSpelling, formatDefault, type Flag } from './flags.ts'
import type { Act } from './act.ts'
import { sarifOption } from './sarif-option.ts'

/** The name that a step has on the command line. */
export const commandName = (step: Step): string => step.commandName ?? step.name

type Env = Readonly<Record<string, string>>

/** Adds the command of one step, when `named` is a step's name; else of all steps. */
export async function addStepCommands(program: Command, named: string | undefined, act: Act, env: Env): Promise<void> {
  const one = named === undefined ? undefined : await loadStep(named)
  program.commandsGroup('Steps:')
  for (const step of one && commandName(one) === named ? [one] : await loadSteps()) {
    const command = addStepCommand(
      program,
      step,
      (params) =>
        act(async (session) => {
          const policy = command.getOptionValue('inconclusive') as InconclusivePolicy | undefined
          const sarif = command.getOptionValue('sarif') as string | undefined
          return (await import('./commands/step.ts')).runStepCommand(session, step, params, { policy, sarif })
        }),
      env,
    )
    command.addOption(inconclusiveOption()).addOption(sarifOption())
  }
}

/** A step's command with its flags, help and examples. `act` gets the parameters as the step takes them. */
export function addStepCommand(
  program: Command,
  step: Step,
  act: (params: Record<string, unknown>) => Promise<void>,
  env: Env,
): Command {
  const command = program.command(commandName(step)).description(step.summary)
  const flags = flagsOf(step)
  const argument = flags.find(({ key }) => key === step.argument)
  if (argument) {
    const name = argument.kind === 'list' ? `${argument.name}...` : argument.name
    command.argument(`[${name}]`, `the same as ${flagSpelling(argument)}`)
  }
  for (const flag of flags) command.addOption(optionOf(flag))
  if (step.examples.length > 0) {
    command.addHelpText('after', `\nExamples:\n${step.examples.map((example) => `  $ ${example}`).join('\n')}`)
  }
  return command.action(async () => {
    const given = givenFlags(command, flags)
    if (argument && command.args[0] !== undefined) {
      if (given.has(argument.key))
        throw new UserError('E_USAGE', `${argument.name} is given twice: alone and as --${argument.name}.`)
      given.set(argument.key, command.args)
    }
    await act(paramsOf(step, flags, given, env, pathOf(command)))
  })
}

/** `plimsoll approvals grant` */
function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()
}

function optionOf(flag: Flag): Option {
  const shown = formatDefault(flag)
  const notes = [...(flag.required ? ['required'] : []), ...(shown === '' ? [] : [`default: ${shown}`])]
  const choices = flag.kind === 'choice' ? ` [${flag.choices.join(', ')}]` : ''
  const note = notes.length === 0 ? '' : ` (${notes.join(', ')})`
  const option = new Option(flagSpelling(flag), `${flag.description}${choices}${note}`)
  return flag.kind === 'switch' ? option : option.argParser((text, before: string[] | undefined) => [...(before ?? []), text])
}

function givenFlags(command: Command, flags: readonly Flag[]): Map<string, GivenFlag> {
  const given = new Map<string, GivenFlag>()
  for (const option of command.options) {
    const name = option.attributeName()
    const flag = flags.find(({ name }) => name === option.name().replace(/^no-/, '') || name === option.name())
    if (flag && command.getOptionValueSource(name) === 'cli') given.set(flag.key, command.getOptionValue(name) as GivenFlag)
  }
  return given
}

/**
 * The parameters that the flags give, checked by the step's schema. `${secrets.NAME}` in a value is taken from the environment, so
 * that a secret need not stand in the list of processes.
 *
 * @throws UserError E_USAGE or E_VALUE that names the flag, what was given and what is allowed
 */
function paramsOf(
  step: Step,
  flags: readonly Flag[],
  given: ReadonlyMap<string, GivenFlag>,
  env: Env,
  path: string,
): Record<string, unknown> {
  const texts = Object.fromEntries(
    flags.flatMap((flag) => (given.has(flag.key) ? [[flag.key, flagValue(flag, given.get(flag.key)!)]] : [])),
  )
  const { value, missing } = fillSecrets(kebabKeysRead(step, texts), env)
  if (missing.length > 0) {
    throw new UserError('E_VALUE', `The secret ${missing[0]} is not set.`, {
      hint: `Set the environment variable ${missing[0]}.`,
    })
  }
  const parsed = step.params.safeParse(value, { reportInput: true })
  if (!parsed.success) throw withoutSecrets(flagError(parsed.error.issues, flags, path), secretsIn(texts), env)
  return parsed.data
}

/** What was given is part of the message; the secrets in it are not. */
function withoutSecrets({ code, message, hint, frame }: UserError, names: readonly string[], env: Env): UserError {
  const redact = redactor(names.map((name) => env[name] ?? ''))
  return new UserError(code, redact(message), {
    ...(hint !== undefined && { hint: redact(hint) }),
    ...(frame !== undefined && { frame: redact(frame) }),
  })
}

/** JSON objects in flags are written as in plimsoll.yaml: `{"max-missing": 0.1}`. */
function kebabKeysRead(step: Step, texts: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(texts).map(([key, value]) => [
      key,
      typeof value === 'object' ? toParamNames(value, (step.params.shape as Record<string, never>)[key]!, () => {}) : value,
    ]),
  )
}
