import { createHmac } from 'node:crypto'
import { httpRequest } from '../drivers/http.ts'
import { delivered, type Delivery } from './delivery.ts'
import type { Message } from './message.ts'

export interface WebhookOptions {
  /** Key of the signature. Without it the message is sent unsigned. */
  readonly secret?: string | undefined
  /** Unix time in whole seconds. */
  readonly timestamp: number
  readonly signal?: AbortSignal
}

/** The message as JSON, with the whole report in it. */
export function webhookPayload(message: Message): Record<string, unknown> {
  const { facts, ...rest } = message
  return { schemaVersion: 1, ...rest, facts: Object.fromEntries(facts) }
}

/**
 * `sha256=<hex>`: HMAC-SHA256 with the secret over `<timestamp>.<body>`. A receiver makes the same from the header
 * `x-plimsoll-timestamp` and the bytes of the body, compares in constant time, and refuses old timestamps.
 */
export function webhookSignature(secret: string, timestamp: number, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`
}

/** Posts the message to any address that takes JSON. */
export async function sendWebhook(url: string, message: Message, options: WebhookOptions): Promise<Delivery> {
  const { secret, timestamp, signal } = options
  const body = JSON.stringify(webhookPayload(message))
  const response = await httpRequest(url, {
    name: 'The webhook', // its address may be a secret
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-plimsoll-timestamp': String(timestamp),
      ...(secret !== undefined && { 'x-plimsoll-signature': webhookSignature(secret, timestamp, body) }),
    },
    body,
    retries: 2,
    redirect: 'error',
    hint: 'Check the address and that the network lets it through.',
    ...(signal && { signal }),
  })
  return delivered('The webhook', response)
}
