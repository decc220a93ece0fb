import type { Command } from 'commander'
import { UserError } from '../core/errors.ts'
import { didYouMean } from '../core/suggest.ts'

/** Adds `list` to a group of commands: what the name of the group alone does too. */
export function addListCommand<Flags>(group: Command, description: string, list: (flags: Flags) => Promise<void>): Command {
  return group
    .command('list', { isDefault: true })
    .description(description)
    .allowExcessArguments()
    .action((flags: Flags, command: Command) => {
      // A mistyped name of another command of the group ends up here.
      const [word] = command.args
      if (word === undefined) return list(flags)
      const names = group.commands.map((each) => each.name())
      throw new UserError('E_USAGE', `Unknown command '${group.name()} ${word}'.`, { hint: didYouMean(word, names) })
    })
}
