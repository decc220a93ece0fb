import type { Command } from 'commander'
import type { Act } from './act.ts'
import type { DoctorFlags } from './commands/doctor.ts'
import { sarifOption } from './sarif-option.ts'

/** `plimsoll doctor`: the machine, and with `--security` the repository. What it does is loaded when it is run. */
export function addDoctor(program: Command, act: Act): void {
  program
    .command('doctor')
    .description(
      'Check that the machine has what is needed; with --security, what is unsafe in the repository and its workflows.',
    )
    .option('--security', 'Check the repository and its workflows instead')
    .option('--fix-hints', 'Also print what to write instead, for each finding')
    .option('--no-history', 'Leave out the commits of the repository')
    .addOption(sarifOption())
    .addHelpText('after', EXAMPLES)
    .action((flags: DoctorFlags) => act(async (session) => (await import('./commands/doctor.ts')).doctorCommand(session, flags)))
}

const EXAMPLES = `
Examples:
  $ plimsoll doctor
  $ plimsoll doctor --security --fix-hints
  $ plimsoll doctor --security --sarif results/doctor.sarif`
