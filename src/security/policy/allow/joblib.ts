// Written by scripts/allow-list/generate.mjs from what the serialisers were recorded to write. Do not edit it by hand.
import type { AllowList } from '../allow-group.ts'
import { nameTable } from '../name-table.ts'

export const joblib: AllowList = {
  framework: 'joblib',
  versions: ['joblib 1.2.0', 'joblib 1.6.0'],
  groups: [
    {
      condition: 'withoutConstructor',
      reason: 'the header of an array whose raw numbers follow in the file; they are stepped over, not read as opcodes',
      names: nameTable(`
joblib.numpy_pickle: NumpyArrayWrapper
sklearn.externals.joblib.numpy_pickle: NumpyArrayWrapper
`),
    },
  ],
}
