import { excerpt, type HttpResponse } from '../drivers/http.ts'

/** How a message was taken. */
export interface Delivery {
  readonly ok: boolean
  readonly status: number
  /** One sentence. */
  readonly message: string
}

/** What a receiver's answer means: anything but 2xx is a message that was not taken. */
export function delivered(receiver: string, { status, text }: HttpResponse): Delivery {
  const ok = status >= 200 && status < 300
  return { ok, status, message: ok ? `${receiver} took the message.` : `${receiver} answered ${status}: ${excerpt(text)}` }
}
