import { betaCdf } from './beta.ts'

/** The chance that |T| is at least |t|, for Student's t of `degrees` degrees of freedom (DLMF 8.17.6 with the density of T). */
export function twoSidedTailT(t: number, degrees: number): number {
  if (!(degrees > 0) || Number.isNaN(t)) return Number.NaN
  if (!Number.isFinite(t)) return 0
  return betaCdf(degrees / (degrees + t * t), degrees / 2, 0.5)
}
