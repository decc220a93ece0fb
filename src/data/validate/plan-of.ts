import type { Aggregate } from '../plan/aggregate.ts'
import type { Measured, Way } from '../plan/measure.ts'
import type { Plan, PlannedRule } from '../plan/plan.ts'
import type { Condition } from '../row-schema/compile.ts'
import { phrase } from '../row-schema/phrase.ts'
import { FALSE, TRUE } from '../scan/cell.ts'
import type { AnsweredBy } from './judgement.ts'
import type { Judging } from './open-judging.ts'

/** The dearest way that a rule's aggregates needed. */
export function wayOf(measured: Measured, aggregates: readonly Aggregate[], condition?: Condition): AnsweredBy {
  if (condition?.broken === FALSE || condition?.broken === TRUE) return 'type'
  const ways = new Set(aggregates.flatMap((aggregate) => [...measured.ways(aggregate).keys()]))
  return (['scan', 'kept', 'footer'] satisfies Way[]).find((way) => ways.has(way)) ?? 'footer'
}

/** How each rule was answered. */
export function planOf({ source, compiled, counts, bound, units }: Judging, measured: Measured): Plan {
  const ofRows = compiled.conditions.map((condition, i): PlannedRule => {
    return {
      rule: `${condition.rule.column} ${phrase(condition.rule)}`.trim(),
      answeredBy: wayOf(measured, [counts[i]!], condition),
      columns: condition.columns,
      isOwnQuery: false,
    }
  })
  const ofTable = bound.map(({ rule, aggregates }): PlannedRule => ({
    rule: `${rule.columns.join(', ')} ${rule.phrase}`.trim(),
    answeredBy: wayOf(measured, aggregates),
    columns: [...new Set(aggregates.flatMap(({ columns }) => columns))],
    isOwnQuery: aggregates.some(({ how }) => !('sql' in how)),
  }))
  const all = [...counts, ...bound.flatMap(({ aggregates }) => aggregates)]
  const read = Math.max(0, ...all.map((aggregate) => measured.ways(aggregate).get('scan') ?? 0))
  return {
    rules: [...ofRows, ...ofTable],
    files: source.files.length,
    filesRead: units.length === 1 && read > 0 ? source.files.length : read,
  }
}
