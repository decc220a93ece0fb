import type { Verdict } from '../core/verdict.ts'
import { httpRequest } from '../drivers/http.ts'
import { delivered, type Delivery } from './delivery.ts'
import type { Message } from './message.ts'

const EMOJI: Readonly<Record<Verdict, string>> = {
  pass: ':white_check_mark:',
  warn: ':warning:',
  fail: ':x:',
  inconclusive: ':grey_question:',
  error: ':exclamation:',
  skip: ':heavy_minus_sign:',
}

/** Limits of Block Kit: a header's text, a section's text, a field, fields per section. */
const HEADER = 150
const TEXT = 3000
const FIELD = 2000
const FIELDS = 10

/** The message as the JSON that Slack's incoming webhooks take (Block Kit); Mattermost and Rocket.Chat read its `text`. */
export function slackPayload({ title, verdict, text, facts, at }: Message): Record<string, unknown> {
  const headline = verdict === null ? title : `${EMOJI[verdict]} ${title}`
  const fields = facts.slice(0, FIELDS).map(([name, value]) => mrkdwn(cut(`*${escape(name)}*\n${escape(value)}`, FIELD)))
  return {
    text: escape(cut(headline, TEXT)),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(headline, HEADER), emoji: true } },
      ...(text === null || text === '' ? [] : [{ type: 'section', text: mrkdwn(cut(escape(text), TEXT)) }]),
      ...(fields.length === 0 ? [] : [{ type: 'section', fields }]),
      { type: 'context', elements: [mrkdwn(`Plimsoll · ${escape(at)}`)] },
    ],
  }
}

/** Posts the message to an incoming webhook. */
export async function sendSlack(url: string, message: Message, signal?: AbortSignal): Promise<Delivery> {
  const response = await httpRequest(url, {
    name: 'The Slack webhook', // its address is a secret
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(slackPayload(message)),
    retries: 2,
    redirect: 'error',
    hint: 'Check the webhook address and that the network lets it through.',
    ...(signal && { signal }),
  })
  return delivered('The Slack webhook', response)
}

const mrkdwn = (text: string) => ({ type: 'mrkdwn', text })

/** Slack reads these three as control characters: with them escaped no text is a mention, a channel or a link. */
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const cut = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length - 1)}…` : text)
