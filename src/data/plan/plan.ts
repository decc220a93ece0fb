import { count } from '../../core/counts.ts'

/** How one rule is answered. */
export interface PlannedRule {
  /** `age minimum 18` */
  readonly rule: string
  readonly answeredBy: 'type' | 'footer' | 'kept' | 'scan'
  /** Columns that are read for it. */
  readonly columns: readonly string[]
  /** It needs a query of its own beside the fused scan. */
  readonly isOwnQuery: boolean
}

/** How a data set is judged with the least reading. */
export interface Plan {
  readonly rules: readonly PlannedRule[]
  readonly files: number
  /** Files of which something is read beside the footer. */
  readonly filesRead: number
}

const isMetadata = ({ answeredBy }: PlannedRule): boolean => answeredBy === 'type' || answeredBy === 'footer'

/** `9 of 16 answered from metadata, 7 in one scan of 3 columns` */
export function planSummary({ rules, files, filesRead }: Plan): string {
  const scanned = rules.filter(({ answeredBy }) => answeredBy === 'scan')
  const fused = scanned.filter(({ isOwnQuery }) => !isOwnQuery)
  const own = scanned.length - fused.length
  const kept = rules.filter(({ answeredBy }) => answeredBy === 'kept').length
  const columns = new Set(fused.flatMap((rule) => rule.columns))
  const where = files === 1 ? '' : ` of ${filesRead} of ${count(files, 'file')}`
  const parts = [
    `${rules.filter(isMetadata).length} of ${rules.length} answered from metadata`,
    ...(kept > 0 ? [`${kept} kept from earlier runs`] : []),
    ...(fused.length > 0 ? [`${fused.length} in one scan of ${count(columns.size, 'column')}${where}`] : []),
    ...(own > 0
      ? [`${own} by ${own === 1 ? 'a query of its own' : 'queries of their own'}${fused.length > 0 ? '' : where}`]
      : []),
  ]
  return parts.join(', ')
}

/** One line for each rule, under the summary. */
export function planLines(plan: Plan): string[] {
  const width = Math.max(0, ...plan.rules.map(({ rule }) => rule.length))
  return [planSummary(plan), ...plan.rules.map((rule) => `  ${rule.rule.padEnd(width)}  ${wordsOf(rule)}`)]
}

function wordsOf({ answeredBy, columns, isOwnQuery }: PlannedRule): string {
  if (answeredBy === 'type') return 'the type of the column'
  if (answeredBy === 'footer') return 'metadata'
  if (answeredBy === 'kept') return 'kept from earlier runs'
  return `${isOwnQuery ? 'a query of its own on' : 'the scan of'} ${columns.length === 0 ? 'the rows' : columns.join(', ')}`
}
