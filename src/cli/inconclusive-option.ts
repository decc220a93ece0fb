import { InvalidArgumentError, Option } from 'commander'

const POLICIES: ReadonlySet<string> = new Set(['block', 'warn'])

/** What an inconclusive gate does; of `run` and of every step. */
export function inconclusiveOption(): Option {
  const text = 'What too little evidence does [block, warn] (default: block; on a pull request: warn)'
  return new Option('--inconclusive <POLICY>', text).argParser((given) => {
    if (POLICIES.has(given)) return given
    throw new InvalidArgumentError('block or warn is expected.')
  })
}
