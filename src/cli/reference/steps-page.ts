import { stringify } from 'yaml'
import type { Step } from '../../core/step.ts'
import { flagValue, type GivenFlag } from '../flag-values.ts'
import { flagsOf, flagSpelling, formatDefault, type Flag } from '../flags.ts'
import { commandName } from '../step-command.ts'
import { code, fence, page, table } from './page.ts'
import { shellWords } from './shell-words.ts'

/** Every step with its flags and examples. */
export function stepsPage(steps: readonly Step[]): string {
  return page('Steps', [
    'A step is a command on its own and an entry of a stage in `plimsoll.yaml`, with the same parameters: `--test-data PATH` on the ' +
      'command line is `test-data: PATH` in the file. Every step also takes the flags that all commands have: see [cli.md](cli.md).',
    table(
      ['Step', 'What it does'],
      steps.map((step) => [`[${step.name}](#${step.name})`, step.summary]),
    ),
    ...steps.map(stepSection),
  ])
}

function stepSection(step: Step): string {
  const flags = flagsOf(step)
  const command = commandName(step)
  const yaml = yamlExample(step, flags)
  return [
    `## ${step.name}`,
    step.summary,
    ...(command === step.name ? [] : [`On the command line it is \`plimsoll ${command}\`.`]),
    ...(step.argument === undefined
      ? []
      : [`\`--${flags.find(({ key }) => key === step.argument)!.name}\` may be left out: \`plimsoll ${command} VALUE\`.`]),
    table(['Flag', 'Meaning', 'Default'], flags.map(flagRow)),
    ...(step.examples.length === 0 ? [] : [fence('sh', step.examples.join('\n'))]),
    ...(yaml === undefined ? [] : ['In `plimsoll.yaml`:', fence('yaml', yaml)]),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function flagRow(flag: Flag): string[] {
  const choices = flag.choices.length === 0 ? '' : `; one of ${flag.choices.map(code).join(', ')}`
  const fallback = flag.required ? '**required**' : code(formatDefault(flag))
  return [code(flagSpelling(flag)), `${flag.description}${choices}`, fallback]
}

/** The first example as it is written in a stage; undefined when it is not a plain command line of this step. */
export function yamlExample(step: Step, flags: readonly Flag[]): string | undefined {
  const words = shellWords(step.examples[0] ?? '')
  if (words[0] !== 'plimsoll' || words[1] !== commandName(step)) return undefined
  const given = new Map<Flag, GivenFlag>()
  for (let i = 2; i < words.length; i++) {
    const word = words[i]!
    const flag = word.startsWith('--')
      ? flags.find(({ name }) => word === `--${name}` || word === `--no-${name}`)
      : flags.find(({ key }) => key === step.argument)
    if (!flag) continue // one of the flags that all commands have
    if (flag.kind === 'switch') given.set(flag, !word.startsWith('--no-'))
    else given.set(flag, [...((given.get(flag) as string[] | undefined) ?? []), word.startsWith('--') ? words[++i]! : word])
  }
  const params = Object.fromEntries([...given].map(([flag, texts]) => [flag.name, flagValue(flag, texts)]))
  return stringify([Object.keys(params).length === 0 ? step.name : { [step.name]: params }], { lineWidth: 120 })
}
