import type { AllowGroup } from '../allow-group.ts'

export const joblib: readonly AllowGroup[] = [
  {
    framework: 'joblib',
    reason: 'the header of an array whose raw numbers follow in the file; they are stepped over, not read as opcodes',
    names: {
      'joblib.numpy_pickle': ['NumpyArrayWrapper'],
      'sklearn.externals.joblib.numpy_pickle': ['NumpyArrayWrapper'],
    },
  },
]
