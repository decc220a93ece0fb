import type { Part } from '../../examination.ts'
import { messageOf } from '../../../core/errors.ts'
import { NotJson, readJson } from '../json/read-json.ts'
import { examineKerasConfig } from './config.ts'

/** Examines a Keras configuration that stands as text somewhere in a file, `start` bytes from its beginning. */
export function examineKerasText(text: string, part: Part, start: number | undefined): void {
  try {
    examineKerasConfig({ ...readJson(text), part, start })
  } catch (error) {
    if (!(error instanceof NotJson)) throw error
    const message = `Not examined: a Keras configuration is not JSON: ${messageOf(error)}`
    part.examination.report('keras.broken', { message, part, ...(start !== undefined && { offset: start }) })
  }
}
