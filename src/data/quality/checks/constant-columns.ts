import { count, listed } from '../../../core/counts.ts'
import type { QualityRule } from '../rule.ts'
import { shownValue } from '../shown-value.ts'

/** No column holds one value alone. */
export const constantColumns: QualityRule = {
  name: 'constant',
  title: 'Constant columns',
  summary: 'No column holds one value alone.',
  severity: 'warn',
  why: 'It may be one export of a part of the data, and harms no model.',
  limits: [],
  judge({ rows, columns, label }, _limits, over) {
    const constant = columns.filter(({ name, onlyValue }) => onlyValue !== null && name !== label?.column)
    const message =
      rows === 1
        ? 'One row cannot show whether a column varies.'
        : constant.length === 0
          ? `None of ${count(columns.length, 'column')} holds one value alone.`
          : `One value alone: ${listed(constant.map(({ name }) => name))}.`
    return {
      verdict: rows === 1 ? 'inconclusive' : constant.length > 0 ? over : 'pass',
      message,
      measurements: [{ name: 'constant columns', value: constant.length, unit: 'columns' }],
      findings:
        rows === 1
          ? []
          : constant.map(({ name, onlyValue, missing, isMasked }) => ({
              severity: 'warning',
              message: `"${name}" is ${shownValue({ isMasked }, onlyValue!)} in ${missing > 0 ? 'every row that has a value' : 'every row'}.`,
              rule: 'constant',
            })),
      ...(constant.length > 0 &&
        rows > 1 && { hint: 'A constant column tells a model nothing, and may be the sign of a broken export.' }),
    }
  },
}
