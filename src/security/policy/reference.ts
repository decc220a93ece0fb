import { ALLOWED } from './allow-list.ts'
import { CONDITIONS, type ConditionName } from './conditions.ts'
import { STATE_CONDITIONS } from './state-conditions.ts'

/** One module of the allow-list, for the reference page. */
export interface AllowRow {
  readonly framework: string
  readonly versions: readonly string[]
  readonly module: string
  readonly names: readonly string[]
  /** How a pickle may use the names. */
  readonly use: 'value' | 'class' | 'call'
  /** A sentence: what a use of them must look like. */
  readonly condition: string
  readonly reason: string
}

const USES: Partial<Record<ConditionName, AllowRow['use']>> = {
  neverCalled: 'value',
  withoutConstructor: 'class',
  newFromData: 'class',
  looksUpMember: 'class',
}

/** The allow-list, a row for every module and condition, in the order of frameworks and modules. */
export function* allowRows(): Generator<AllowRow> {
  for (const { framework, groups, versions } of ALLOWED) {
    const rows = groups.flatMap(({ condition, names, reason, state }) =>
      Object.entries(names).map(([module, all]): AllowRow => {
        const further = state === undefined ? '' : `, and ${STATE_CONDITIONS[state].accepts}`
        const sentence = `Allowed when ${CONDITIONS[condition].accepts}${further}.`
        return { framework, versions, module, names: all, use: USES[condition] ?? 'call', condition: sentence, reason }
      }),
    )
    yield* rows.toSorted((a, b) => (a.module < b.module ? -1 : a.module > b.module ? 1 : 0))
  }
}
