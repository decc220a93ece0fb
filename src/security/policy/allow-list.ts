import type { AllowGroup } from './allow-group.ts'
import { boosting } from './allow/boosting.ts'
import { joblib } from './allow/joblib.ts'
import { numpy } from './allow/numpy.ts'
import { pandas } from './allow/pandas.ts'
import { scikitLearn } from './allow/scikit-learn.ts'
import { scipy } from './allow/scipy.ts'
import { standardLibrary } from './allow/standard-library.ts'
import { torch } from './allow/torch.ts'

export const ALLOWED: readonly AllowGroup[] = [
  ...standardLibrary,
  ...numpy,
  ...scipy,
  ...pandas,
  ...joblib,
  ...scikitLearn,
  ...boosting,
  ...torch,
]
