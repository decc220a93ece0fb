import { checkResult, type CheckResult, type Finding, type Measurement } from '../../core/check.ts'
import type { Verdict } from '../../core/verdict.ts'
import { wilson } from '../../stats/proportion.ts'
import { count, percent } from '../counts.ts'
import type { ColumnFacts, QualityFacts, RowGroup } from './measure.ts'

/** The checks by the names that `--fail`, `--warn` and `--skip` take. */
export const QUALITY_CHECKS = ['rows', 'missing', 'duplicates', 'constant', 'class-balance', 'conflicting-labels'] as const
export type QualityCheck = (typeof QUALITY_CHECKS)[number]

/** What happens when a check's limit is passed. */
export type Severity = 'fail' | 'warn' | 'skip'

export interface QualityLimits {
  readonly minRows: number
  readonly maxMissingShare: number
  readonly maxDuplicateShare: number
  readonly minClassShare: number
  readonly maxConflictingShare: number
  readonly mostClasses: number
}

/**
 * Judges what was measured. The verdict is about this data set, all of which was looked at, so the share itself is compared with
 * the limit; an interval beside it says what the share tells about more data of the same kind. Shares of duplicate and of
 * conflicting rows have none: they grow with the number of rows.
 *
 * Whatever the severities, these fail: a column without any value, a label that is missing, a single class.
 */
export function judgeQuality(
  facts: QualityFacts,
  limits: QualityLimits,
  severity: (check: QualityCheck) => Severity,
): CheckResult[] {
  if (facts.rows === 0) {
    const message = 'The data has no rows, so nothing was judged.'
    const measurements = [{ name: 'rows', value: 0, unit: 'rows' }]
    return [checkResult({ check: 'data.rows', title: 'Row count', verdict: 'error', message, measurements })]
  }
  const judges: Readonly<Record<QualityCheck, (over: Verdict) => CheckResult>> = {
    rows: (over) => rowCount(facts, limits, over),
    missing: (over) => missingValues(facts, limits, over),
    duplicates: (over) => duplicateRows(facts, limits, over),
    constant: (over) => constantColumns(facts, over),
    'class-balance': (over) => classBalance(facts, limits, over),
    'conflicting-labels': (over) => conflictingLabels(facts, limits, over),
  }
  return QUALITY_CHECKS.map((name) => {
    const over = severity(name)
    const result = judges[name](over === 'skip' ? 'skip' : over)
    if (over !== 'skip') return result
    return checkResult({ check: result.check, title: result.title, verdict: 'skip', message: 'Switched off by --skip.' })
  })
}

function rowCount({ rows, columns }: QualityFacts, { minRows }: QualityLimits, over: Verdict): CheckResult {
  const enough = rows >= minRows
  return checkResult({
    check: 'data.rows',
    title: 'Row count',
    verdict: enough ? 'pass' : over,
    message: `${count(rows, 'row')}, ${count(columns.length, 'column')}; at least ${count(minRows, 'row')} expected.`,
    expected: `at least ${minRows}`,
    actual: String(rows),
    measurements: [{ name: 'rows', value: rows, unit: 'rows', threshold: { value: minRows, good: 'at-least' } }],
    ...(!enough && {
      hint: 'With fewer than about 100 rows a share is uncertain by 10 points and more. Gather more, or change --min-rows.',
    }),
  })
}

function missingValues({ rows, columns, label }: QualityFacts, { maxMissingShare }: QualityLimits, over: Verdict): CheckResult {
  const isEmpty = ({ missing }: ColumnFacts) => missing === rows
  const isLabel = ({ name, missing }: ColumnFacts) => name === label?.column && missing > 0
  const isOver = ({ missing }: ColumnFacts) => missing / rows > maxMissingShare
  const bad = columns.filter((column) => isEmpty(column) || isLabel(column) || isOver(column))
  const alwaysFails = bad.some((column) => isEmpty(column) || isLabel(column))
  const worst = columns.reduce<ColumnFacts | undefined>((a, b) => (a && a.missing >= b.missing ? a : b), undefined)
  const limit = `at most ${percent(maxMissingShare)} of a column`
  const found = bad.map(({ name, missing }) => `${name} ${percent(missing / rows)}`)
  const none = columns.every(({ missing }) => missing === 0)
  const inside = none ? 'No column has missing values' : `Most in ${worst!.name}: ${percent(worst!.missing / rows)}`
  return checkResult({
    check: 'data.missing',
    title: 'Missing values',
    verdict: alwaysFails ? 'fail' : bad.length > 0 ? over : 'pass',
    message: bad.length === 0 ? `${inside} (${limit}).` : `${listed(found)}; ${limit} expected.`,
    expected: limit,
    measurements: columns.map(({ name, missing }) => ({
      ...shareOf('missing share', missing, rows),
      slice: { column: name },
      threshold: { value: maxMissingShare, good: 'at-most' as const },
    })),
    findings: bad.map((column) => ({
      severity: isEmpty(column) || isLabel(column) ? 'error' : 'warning',
      message: missingMessage(column, rows, isEmpty(column), isLabel(column)),
      rule: 'missing',
      evidence: { column: column.name, missing: column.missing, share: column.missing / rows },
    })),
    ...(bad.length > 0 && { hint: 'Find out why they are missing before filling them; or change --max-missing-share.' }),
  })
}

function missingMessage({ name, missing }: ColumnFacts, rows: number, empty: boolean, label: boolean): string {
  if (empty) return `The column "${name}" has no value in any row.`
  const some = `${count(missing, 'row')} (${percent(missing / rows)})`
  return label
    ? `The label "${name}" is missing in ${some}: they can neither train nor test a model.`
    : `"${name}" is missing in ${some}.`
}

function duplicateRows(facts: QualityFacts, { maxDuplicateShare }: QualityLimits, over: Verdict): CheckResult {
  const { rows, duplicateRows, duplicates } = facts
  const share = duplicateRows / rows
  const isOver = share > maxDuplicateShare
  return checkResult({
    check: 'data.duplicates',
    title: 'Duplicate rows',
    verdict: isOver ? over : 'pass',
    message: `${count(duplicateRows, 'row')} (${percent(share)}) repeat an earlier row; at most ${percent(maxDuplicateShare)} expected.`,
    measurements: [
      { name: 'duplicate rows', value: duplicateRows, unit: 'rows', n: rows },
      { name: 'duplicate share', value: share, unit: 'share', n: rows, threshold: { value: maxDuplicateShare, good: 'at-most' } },
    ],
    findings: duplicates.map((group) => ({
      ...groupFinding(group, 'equal rows'),
      rule: 'duplicates',
      severity: isOver ? 'warning' : 'note',
    })),
    ...(isOver && {
      hint: 'The same row in training and in test data makes a model look better than it is. Remove them, or change --max-duplicate-share.',
    }),
  })
}

function constantColumns({ rows, columns, label }: QualityFacts, over: Verdict): CheckResult {
  const constant = columns.filter(({ name, onlyValue }) => onlyValue !== null && name !== label?.column)
  const message =
    rows === 1
      ? 'One row cannot show whether a column varies.'
      : constant.length === 0
        ? `None of ${count(columns.length, 'column')} holds one value alone.`
        : `One value alone: ${listed(constant.map(({ name }) => name))}.`
  return checkResult({
    check: 'data.constant',
    title: 'Constant columns',
    verdict: rows === 1 ? 'inconclusive' : constant.length > 0 ? over : 'pass',
    message,
    measurements: [{ name: 'constant columns', value: constant.length, unit: 'columns' }],
    findings:
      rows === 1
        ? []
        : constant.map(({ name, onlyValue, missing }) => ({
            severity: 'warning',
            message: `"${name}" is ${JSON.stringify(onlyValue)} in ${missing > 0 ? 'every row that has a value' : 'every row'}.`,
            rule: 'constant',
          })),
    ...(constant.length > 0 &&
      rows > 1 && { hint: 'A constant column tells a model nothing, and may be the sign of a broken export.' }),
  })
}

const labelledRows = ({ rows, columns }: Pick<QualityFacts, 'rows' | 'columns'>, label: string): number =>
  rows - columns.find(({ name }) => name === label)!.missing

function notClasses(base: { check: string; title: string }, column: string, { mostClasses }: QualityLimits): CheckResult {
  const message = `Not judged: "${column}" has more than ${mostClasses} different values, so they are not classes.`
  return checkResult({ ...base, verdict: 'skip', message, hint: 'Change --most-classes if they are.' })
}

const NO_LABEL = 'Not judged: no label is named (--label COLUMN).'

function classBalance({ rows, columns, label }: QualityFacts, limits: QualityLimits, over: Verdict): CheckResult {
  const base = { check: 'data.class-balance', title: 'Class balance' }
  if (!label) return checkResult({ ...base, verdict: 'skip', message: NO_LABEL })
  const { classes, column } = label
  const labelled = labelledRows({ rows, columns }, column)
  if (labelled === 0) return checkResult({ ...base, verdict: 'error', message: `No row has a label in "${column}".` })
  if (classes.length > limits.mostClasses) return notClasses(base, column, limits)
  const rare = classes.filter((one) => one.rows / labelled < limits.minClassShare)
  const shares = classes.map((one) => `${one.label} ${percent(one.rows / labelled)}`)
  const single = classes.length === 1
  return checkResult({
    ...base,
    verdict: single ? 'fail' : rare.length > 0 ? over : 'pass',
    message: single
      ? `All labelled rows are of the class "${classes[0]!.label}".`
      : `${listed(shares)}; at least ${percent(limits.minClassShare)} of each expected.`,
    measurements: classes.map((one) => ({
      ...shareOf('class share', one.rows, labelled),
      slice: { [column]: one.label },
      threshold: { value: limits.minClassShare, good: 'at-least' as const },
    })),
    findings: rare.map((one) => ({
      severity: 'warning',
      message: `${count(one.rows, 'row')} of the class "${one.label}" (${percent(one.rows / labelled)}).`,
      rule: 'class-balance',
    })),
    ...(single && { hint: 'A classifier needs at least two classes. Was the data filtered by its label?' }),
    ...(rare.length > 0 && {
      hint: 'Accuracy hides how a model treats a rare class: judge recall, or gather more of it. Limit: --min-class-share.',
    }),
  })
}

function conflictingLabels({ rows, columns, label }: QualityFacts, limits: QualityLimits, over: Verdict): CheckResult {
  const base = { check: 'data.conflicting-labels', title: 'Conflicting labels' }
  if (!label) return checkResult({ ...base, verdict: 'skip', message: NO_LABEL })
  const { column, classes, conflictingRows, outvoted } = label
  const labelled = labelledRows({ rows, columns }, column)
  if (labelled === 0) return checkResult({ ...base, verdict: 'error', message: `No row has a label in "${column}".` })
  if (classes.length > limits.mostClasses) return notClasses(base, column, limits)
  const share = conflictingRows / labelled
  const isOver = share > limits.maxConflictingShare
  const best = 1 - outvoted / labelled
  const ceiling = conflictingRows > 0 ? ` No model can be right on more than ${percent(best)} of these rows.` : ''
  const found = `${count(conflictingRows, 'row')} (${percent(share)}) have the features of a row with another label`
  return checkResult({
    ...base,
    verdict: isOver ? over : 'pass',
    message: `${found}; at most ${percent(limits.maxConflictingShare)} expected.${ceiling}`,
    measurements: [
      { name: 'conflicting rows', value: conflictingRows, unit: 'rows', n: labelled },
      {
        name: 'conflicting share',
        value: share,
        unit: 'share',
        n: labelled,
        threshold: { value: limits.maxConflictingShare, good: 'at-most' },
      },
      { name: 'best possible accuracy', value: best, unit: 'share', n: labelled },
    ],
    findings: label.conflicts.map((group) => ({
      ...groupFinding(group, 'rows with equal features and different labels'),
      rule: 'conflicting-labels',
      severity: isOver ? 'warning' : 'note',
    })),
    ...(isOver && {
      hint: 'Look at the rows: a labelling mistake, or a feature that is missing? Limit: --max-conflicting-share.',
    }),
  })
}

/** A share with what it tells about more data of the same kind. */
function shareOf(name: string, part: number, rows: number): Measurement {
  return { name, value: part / rows, unit: 'share', n: rows, interval: wilson(part, rows) }
}

function groupFinding({ rows, places }: RowGroup, what: string): Pick<Finding, 'message' | 'evidence'> {
  const shown = places.map(({ row, line }) => line ?? row).join(', ')
  const unit = places[0]?.line === undefined ? 'rows' : 'lines'
  const files = new Set(places.map(({ file }) => file))
  const where = files.size === 1 ? '' : ` in ${[...files].join(', ')}`
  return { message: `${rows} ${what}: ${unit} ${shown}${rows > places.length ? ', …' : ''}${where}`, evidence: { rows, places } }
}

const listed = (items: readonly string[]): string =>
  `${items.slice(0, 8).join(', ')}${items.length > 8 ? ` and ${items.length - 8} more` : ''}`
