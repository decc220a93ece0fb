import { closing } from '../../core/closing.ts'
import { formatCount, percent } from '../../core/counts.ts'
import { shortDigest } from '../../core/digest.ts'
import { openTestSetLedger } from '../../model/ledger/ledger.ts'
import { listing, minute, print } from '../output.ts'
import type { Session } from '../session.ts'

/** Lists every test set that a gate has judged a model on, with how often, the last used one first. */
export function listTestSetsCommand(session: Session): number {
  const testSets = closing(openTestSetLedger(session.stateDir), (ledger) => ledger.testSets())
  print(session, testSets, () => {
    if (testSets.length === 0) return 'No test set was used to decide yet. plimsoll validate-model counts each time.'
    const rows = testSets.map(({ path, testSet, rows, decisions, budget, spent, firstAt, lastAt }) => [
      path,
      shortDigest(testSet),
      formatCount(rows),
      formatCount(decisions),
      budget === null ? '–' : formatCount(budget),
      spent === null ? '–' : percent(spent),
      minute(firstAt),
      minute(lastAt),
    ])
    return listing(session, ['data', 'digest', 'rows', 'decisions', 'budget', 'spent', 'first used', 'last used'], rows)
  })
  return 0
}
