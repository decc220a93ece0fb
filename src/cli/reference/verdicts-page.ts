import { VERDICTS, type Verdict } from '../../core/verdict.ts'
import { code, page, table } from './page.ts'

const MEANINGS: Readonly<Record<Verdict, readonly [meaning: string, effect: string]>> = {
  pass: ['Measured, and the gate says yes.', 'goes on'],
  warn: ['Measured, worth a look.', 'goes on'],
  fail: ['Measured, and the gate says no.', 'stops, exit code 1'],
  inconclusive: [
    'Measured, but the evidence is too thin to say yes or no. The message says how much more is needed.',
    'stops, exit code 1; on a pull request it goes on (`--inconclusive block|warn` decides)',
  ],
  error: ['Could not be measured.', 'stops, exit code 2'],
  skip: ['Deliberately not measured, with the reason stated.', 'changes nothing'],
}

/** What the verdicts and the exit codes mean. */
export function verdictsPage(): string {
  return page('Verdicts and exit codes', [
    'Every check, step, stage and run has one of six verdicts. That of a whole is the worst of its parts. What could not be ' +
      'measured never passes: no rows, a value that is not a number, an empty group and a short read are each an `error` or ' +
      '`inconclusive`, and a suite in which nothing ran is an `error`.',
    table(
      ['Verdict', 'Meaning', 'What follows'],
      VERDICTS.map((verdict) => [code(verdict), ...MEANINGS[verdict]]),
    ),
    '## Exit codes',
    table(
      ['Code', 'Meaning'],
      [
        ['0', 'Passed; there may be warnings.'],
        ['1', 'A gate said no.'],
        ['2', 'Nothing was decided: a mistake on the command line or in a file, something missing, or a verdict of `error`.'],
        ['130', 'Stopped with Ctrl-C.'],
        ['143', 'Stopped by SIGTERM.'],
      ],
    ),
  ])
}
