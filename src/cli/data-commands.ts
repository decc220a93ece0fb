import type { Command } from 'commander'
import type { Act } from './act.ts'
import type { DiffFlags } from './commands/data-diff.ts'
import type { InferFlags } from './commands/data-infer.ts'
import type { ProfileFlags } from './commands/data-profile.ts'
import { wholeNumber } from './number-flags.ts'

const CATEGORIES = ['--max-categories <N>', 'Text with more different values is no category'] as const
const MOST_CATEGORIES = 50

/**
 * The commands that look at data without judging it; their flags only when one of them is `named`, so that others start fast. What they do is
 * loaded when one of them is run.
 */
export async function addDataCommands(program: Command, named: string | undefined, act: Act): Promise<void> {
  program.commandsGroup('Data:')
  const data = program.command('data').description('Profile data, guess its schema, or see what newer data would need changed.')
  if (named !== 'data') return
  const { addReadingOptions, INPUT } = await import('./reading-options.ts')
  addReadingOptions(data.command('infer'))
    .description('Guess a row schema from data, with the reason of each guess.')
    .requiredOption('--input <PATH>', INPUT)
    .option('--output <FILE>', 'Where it goes; as YAML when it ends in .yaml or .yml (default: standard output, as JSON)')
    .option('--force', 'Write over a file that exists')
    .option(...CATEGORIES, wholeNumber(1), MOST_CATEGORIES)
    .option('--sensitive <COLUMNS>', 'Columns whose values must not stand in the schema, with commas')
    .addHelpText('after', INFER_EXAMPLES)
    .action((flags: InferFlags) =>
      act(async (session) => (await import('./commands/data-infer.ts')).inferCommand(session, flags)),
    )
  addReadingOptions(data.command('diff <old> <new>'))
    .description('Show what newer data would need changed in the schema of older data; exit code 1 when something would.')
    .option(...CATEGORIES, wholeNumber(1), MOST_CATEGORIES)
    .option('--sensitive <COLUMNS>', 'Columns whose values must not be told, with commas')
    .addHelpText('after', DIFF_EXAMPLES)
    .action((old: string, now: string, flags: DiffFlags) =>
      act(async (session) => (await import('./commands/data-diff.ts')).diffCommand(session, old, now, flags)),
    )
  addReadingOptions(data.command('profile'))
    .description('Print what each column is like: counts, bounds, quantiles, frequent values and histograms.')
    .requiredOption('--input <PATH>', INPUT)
    .option('--reference <PATH>', 'Data to compare it with, under the same histogram ranges')
    .option('--columns <COLUMNS>', 'These columns alone, with commas')
    .option('--bins <N>', 'About how many ranges a histogram has', wholeNumber(2, 200), 20)
    .option('--sensitive <COLUMNS>', 'Columns of which only counts are told, with commas')
    .option('--html <FILE>', 'Also write it as a page')
    .addHelpText('after', PROFILE_EXAMPLES)
    .action((flags: ProfileFlags) =>
      act(async (session) => (await import('./commands/data-profile.ts')).profileCommand(session, flags)),
    )
}

const INFER_EXAMPLES = `
Examples:
  $ plimsoll data infer --input data/raw/latest.parquet --output schemas/input.yaml
  $ plimsoll data infer --input data/raw/latest.parquet --sensitive email,phone`

const DIFF_EXAMPLES = `
OLD and NEW are data, or row schemas (.json, .yaml with "properties").

Examples:
  $ plimsoll data diff data/raw/january.parquet data/raw/february.parquet
  $ plimsoll data diff schemas/input.yaml data/raw/latest.parquet --json`

const PROFILE_EXAMPLES = `
Examples:
  $ plimsoll data profile --input data/raw/latest.parquet
  $ plimsoll data profile --input data/raw/latest.parquet --reference data/raw/last-month.parquet --html results/profile.html`
