import { Option, type Command } from 'commander'
import type { Act } from './act.ts'
import type { ExplainFlags } from './commands/scan-explain.ts'
import { wholeNumber } from './number-flags.ts'

/** As in security/level.ts, which is loaded with the command alone. */
const LEVELS = ['strict', 'framework', 'audit'] as const

/** The commands beside the step `security-scan`. */
export function addScanCommands(program: Command, act: Act): void {
  const scan = program.command('scan').description('Explain what the security scan finds in a file.')
  scan
    .command('explain <file>')
    .description('Show the opcodes or bytes around each finding, with what they would do.')
    .addOption(new Option('--level <NAME>', 'How much a model may ask of its loader').choices(LEVELS).default('framework'))
    .option('--before <N>', 'Opcodes shown before each finding (default: 6)', wholeNumber(0, 1000))
    .option('--after <N>', 'Opcodes shown after each finding (default: 3)', wholeNumber(0, 1000))
    .addHelpText('after', '\nExamples:\n  $ plimsoll scan explain artifacts/model.pkl')
    .action((file: string, flags: ExplainFlags) =>
      act(async (session) => (await import('./commands/scan-explain.ts')).explainScanCommand(session, file, flags)),
    )
}
