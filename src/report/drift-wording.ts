import type { DriftTestRecord } from '../core/drift-document.ts'
import { formatNumber } from './wording.ts'

/** Three significant digits, and no more than four behind the point. */
export const shortNumber = (value: number): string => formatNumber(Number(Number(value.toPrecision(3)).toFixed(4)))

/** `p = 0.003`, `p < 0.0001`, on one line. */
export const formatP = (p: number): string => (p < 0.0001 ? 'p\u00a0<\u00a00.0001' : `p\u00a0=\u00a0${Number(p.toPrecision(2))}`)

const SHORT: Readonly<Record<string, string>> = {
  'Kolmogorov–Smirnov statistic': 'KS',
  'Jensen–Shannon distance': 'JS',
}

/** `KS 0.136 [0.11, 0.16]` */
export function formatEffect({ effect, effectName, interval }: DriftTestRecord): string {
  const end = (value: number | null, open: string) => (value === null ? open : shortNumber(value))
  return `${SHORT[effectName] ?? effectName} ${shortNumber(effect)} [${end(interval.lower, '-∞')}, ${end(interval.upper, '∞')}]`
}
