import { formatDuration } from '../../core/duration.ts'
import { UserError } from '../../core/errors.ts'

/** What a promise gives, unless it takes longer than so many milliseconds. @throws UserError E_PREDICTOR when it does */
export async function withinTime<T>(work: Promise<T>, timeout: number | undefined, name: string): Promise<T> {
  if (timeout === undefined) return work
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new UserError('E_PREDICTOR', `${name} did not answer within ${formatDuration(timeout)}`))
    }, timeout)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
