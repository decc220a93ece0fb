import type { Statistic } from '../../stats/statistic.ts'

/** How the interval of each form of statistic is made, as the reference says it. */
export const INTERVALS: Readonly<Record<Statistic['kind'], string>> = {
  rate: 'Wilson',
  cells: 'Bayesian bootstrap of counts',
  means: 'bootstrap-t of row means',
  area: 'DeLong',
  rows: 'jackknife of rows',
}
