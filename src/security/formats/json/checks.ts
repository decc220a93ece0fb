import { examineKerasConfig } from '../keras/config.ts'
import type { DocumentCheck } from './document.ts'

/** Everything that is looked for in JSON, whatever the file is called. */
export const DOCUMENT_CHECKS: readonly DocumentCheck[] = [examineKerasConfig]
