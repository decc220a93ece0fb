import type { Command, Option } from 'commander'
import { fullProgram } from '../program.ts'
import { code, fence, page, table } from './page.ts'

/** The command line: what is not a step. */
export async function cliPage(): Promise<string> {
  const { program, stepNames } = await fullProgram()
  const commands = visible(program).filter((command) => !stepNames.has(command.name()) && command.name() !== 'help')
  return page('Command line', [
    'Every [step](steps.md) is a command. These are the others.',
    fence('sh', 'plimsoll [flags] COMMAND [flags]'),
    '## Flags of every command',
    optionTable(program.options),
    'Data goes to standard output, talk to standard error. With `--json` standard output is one JSON document: a ' +
      '[report](verdicts.md) for steps and runs. A mistake is one too, `{ "schemaVersion": 1, "error": { "code", "message", "hint", "location" } }`, with the same words for people on standard error.',
    ...commands.flatMap((command) => section(command, 2)),
    '## Environment variables',
    table(
      ['Variable', 'Meaning'],
      [
        ['`PLIMSOLL_HOME`', 'The state folder; `.plimsoll` beside `plimsoll.yaml` without it'],
        ['`PLIMSOLL_DEBUG`', 'Show the stack of what is not a mistake of yours'],
        ['`NO_COLOR`, `FORCE_COLOR`', 'No colours; colours also where there is no terminal'],
        ['`CI`', 'Lines are only appended, nothing is drawn again'],
        [
          '`GITHUB_ACTIONS` and its kin',
          'Annotations, step summary and outputs on GitHub Actions; branch and event in conditions',
        ],
      ],
    ),
  ])
}

function section(command: Command, level: number): string[] {
  const children = visible(command).filter((child) => child.name() !== 'help')
  const path = pathOf(command)
  const head = [`${'#'.repeat(level)} ${path}`, command.description()]
  if (children.length > 0) return [...head, ...children.flatMap((child) => section(child, level + 1))]
  return [...head, fence('sh', `${path} ${command.usage()}`.replace('[options]', '[flags]')), optionTable(command.options)]
}

const visible = (command: Command): Command[] => command.createHelp().visibleCommands(command)

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()
}

function optionTable(options: readonly Option[]): string {
  return table(
    ['Flag', 'Meaning'],
    options
      .filter(({ hidden }) => !hidden)
      .map(({ flags, description, defaultValue, negate }) => [
        code(flags),
        defaultValue === undefined || negate ? description : `${description} (default: ${String(defaultValue)})`,
      ]),
  )
}
