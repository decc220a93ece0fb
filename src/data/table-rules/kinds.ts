import { distinct } from './kinds/distinct.ts'
import { foreignKeys } from './kinds/foreign-keys.ts'
import { freshness } from './kinds/freshness.ts'
import { functionalDependencies } from './kinds/functional-dependencies.ts'
import { keys } from './kinds/keys.ts'
import { mean } from './kinds/mean.ts'
import { missing } from './kinds/missing.ts'
import { order, rowOrder } from './kinds/order.ts'
import { predicates } from './kinds/predicates.ts'
import { quantiles } from './kinds/quantiles.ts'
import { rows } from './kinds/rows.ts'
import { standardDeviation } from './kinds/standard-deviation.ts'
import { unique } from './kinds/unique.ts'
import type { TableRuleKind } from './kind.ts'

/** What `x-plimsoll` can demand of a column as a whole, of several columns, and of the table. */
export const TABLE_RULE_KINDS: readonly TableRuleKind[] = [
  unique,
  missing,
  distinct,
  mean,
  standardDeviation,
  quantiles,
  freshness,
  order,
  rows,
  keys,
  rowOrder,
  functionalDependencies,
  foreignKeys,
  predicates,
]
