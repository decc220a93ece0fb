import { examineHuggingFace } from '../folder/hugging-face.ts'
import { examineTargets } from '../folder/targets.ts'
import { examineKerasConfig } from '../keras/config.ts'
import { examineSkops } from '../skops/schema.ts'
import { examineXgBoost } from '../tree-models.ts'
import type { DocumentCheck } from './document.ts'

/** Everything that is looked for in JSON, whatever the file is called. */
export const DOCUMENT_CHECKS: readonly DocumentCheck[] = [
  examineKerasConfig,
  examineHuggingFace,
  examineTargets,
  examineSkops,
  examineXgBoost,
]
