/**
 * How features are made from the columns of an application. This is the only definition: `featuresOf` computes them in
 * Node, and `onnx-model.mjs` writes the same operations into the model, which therefore takes raw columns.
 *
 * - `clip`: the number, held between `min` and `max`;
 * - `above`: 1 when the number is greater than `threshold`, else 0;
 * - `yes`: 1 for "yes", 0 for "no".
 */
const clip = (name, min, max) => ({ name, kind: 'clip', min, max })
const above = (name, threshold) => ({ name, kind: 'above', threshold })
const yes = (name) => ({ name, kind: 'yes' })

/** Every column that can be used; which of them are is up to configs/training.json. */
const FEATURES = {
  // A few applicants report payments of up to three times their income; beyond 100 % more says no more.
  pirat: [clip('pirat', 0, 1)],
  hirat: [clip('hirat', 0, 1)],
  // Lenders treat loans above 95 % of the value as a class of their own.
  lvrat: [clip('lvrat', 0, 1.5), above('lvrat_above_95', 0.95)],
  chist: [clip('chist', 1, 6)],
  mhist: [clip('mhist', 1, 4)],
  phist: [yes('phist')],
  unemp: [clip('unemp', 0, 25)],
  selfemp: [yes('selfemp')],
  insurance: [yes('insurance')],
  condomin: [yes('condomin')],
  hschool: [yes('hschool')],
  afam: [yes('afam')],
  single: [yes('single')],
}

/** The features made from these columns, in order: `{ column, name, kind, … }`. */
export function featuresFrom(columns) {
  return columns.flatMap((column) => {
    const features = FEATURES[column]
    if (!features)
      throw new Error(`There is no feature for the column "${column}". Known columns: ${Object.keys(FEATURES).join(', ')}`)
    return features.map((feature) => ({ column, ...feature }))
  })
}

/** The values of `features` for one application. What cannot be read is NaN, as in the model. */
export function featuresOf(features, application) {
  return features.map((feature) => valueOf(feature, application[feature.column]))
}

function valueOf({ kind, min, max, threshold }, raw) {
  if (kind === 'yes') return raw === 'yes' ? 1 : raw === 'no' ? 0 : Number.NaN
  if (typeof raw !== 'number') return Number.NaN
  // The model computes in 32-bit floats; rounding here keeps both on the same side of a threshold.
  const value = Math.fround(raw)
  if (Number.isNaN(value)) return Number.NaN
  return kind === 'above' ? Number(value > Math.fround(threshold)) : Math.min(Math.max(value, min), max)
}
