import { z } from 'zod'
import { checkResult, type CheckResult } from '../core/check.ts'
import { closing } from '../core/closing.ts'
import { UserError } from '../core/errors.ts'
import { stepReport, type Report } from '../core/report.ts'
import { defineStep, file, type StepContext } from '../core/step.ts'
import { readJsonFile } from '../drivers/files.ts'
import type { Delivery } from '../notify/delivery.ts'
import { messageLines, type Message } from '../notify/message.ts'
import { sendSlack } from '../notify/slack.ts'
import { sendWebhook } from '../notify/webhook.ts'
import { releaseStack } from '../release/history.ts'
import { openReleaseRecords } from '../release/records.ts'
import type { Release } from '../release/release.ts'

const params = z.strictObject({
  to: z.enum(['terminal', 'slack', 'webhook']).default('terminal').describe('Where the message goes'),
  url: z
    .string()
    .optional()
    .meta({ value: 'URL' })
    .describe('Address of the webhook; give it as ${secrets.NAME}. Needed for slack and webhook'),
  secret: z
    .string()
    .optional()
    .meta({ value: 'KEY' })
    .describe('Key for the signature of a webhook (HMAC-SHA256 in x-plimsoll-signature); give it as ${secrets.NAME}'),
  message: z.string().optional().meta({ value: 'TEXT' }).describe('A sentence of your own'),
  environment: z.string().optional().meta({ value: 'NAME' }).describe('Tell the model version that this environment is at'),
  report: z
    .string()
    .optional()
    .meta({ value: 'FILE' })
    .describe('Tell the verdict of this report, for example results/report.json'),
  optional: z.boolean().default(false).describe('A message that cannot be delivered is a warning, not an error'),
})
type Params = z.output<typeof params>

export const notify = defineStep({
  name: 'notify',
  summary: 'Tell people or systems how a run went, on Slack, by webhook, or on the terminal.',
  params,
  examples: [
    "plimsoll notify --to slack --url '${secrets.SLACK_WEBHOOK}' --environment production",
    "plimsoll notify --to webhook --url https://example.com/hook --secret '${secrets.HOOK_KEY}' --report results/report.json",
    'plimsoll notify --message "The model is live."',
  ],
  // A message about an environment tells that it has moved: where nothing has, there is nothing to tell. Other messages are
  // about the run.
  reads: ({ environment, report }) =>
    environment !== undefined && report === undefined
      ? [{ kind: 'environment', name: environment }]
      : [{ kind: 'unknown', why: 'a message about the run is sent each time' }, ...(report === undefined ? [] : [file(report)])],
  writes: () => [],
  async run(context, params) {
    const startedAt = context.clock.now()
    const started = context.clock.monotonic()
    const message = await compose(context, params, startedAt)
    const result = await deliver(context, params, message)
    return stepReport({
      name: 'notify',
      summary: [params.to, message.title, ...(message.text === null ? [] : [message.text])].join(': '),
      subject: { kind: 'message', name: message.title },
      startedAt,
      durationMs: context.clock.monotonic() - started,
      results: [result],
      details: { to: params.to, facts: Object.fromEntries(message.facts) },
    })
  },
})

async function compose({ cwd, stateDir, run, git }: StepContext, params: Params, at: Date): Promise<Message> {
  const report = params.report === undefined ? null : await readReport(cwd, params.report)
  const release = params.environment === undefined ? undefined : releaseAt(stateDir, params.environment)
  const facts: (readonly [string, string])[] = []
  const fact = (name: string, value: string | null | undefined) => value && facts.push([name, value])
  fact('Pipeline', run?.pipeline ?? (report?.kind === 'run' ? report.name : null))
  fact('Stage', run?.stage)
  fact('Environment', params.environment)
  fact('Model', release && `${release.modelName} version ${release.modelVersion}`)
  fact('Model digest', release?.modelDigest)
  fact('Release', release?.id)
  fact('Commit', git.commit && [git.commit.slice(0, 12), git.branch && `on ${git.branch}`].filter(Boolean).join(' '))
  fact('Event', run?.event)
  fact('Run', run?.id)
  fact('Measured', report?.summary)
  for (const child of report?.children ?? []) {
    if (child.verdict !== 'pass') fact(child.name, `${child.verdict}: ${child.summary}`)
  }
  return {
    title: title(params.environment, run?.pipeline ?? report?.name ?? 'Plimsoll', release),
    verdict: report?.verdict ?? null,
    text: params.message ?? null,
    facts,
    at: at.toISOString(),
    report,
  }
}

function title(environment: string | undefined, subject: string, release: Release | undefined): string {
  if (release) return `${subject}: ${release.modelName} version ${release.modelVersion} is live in ${environment}`
  return environment === undefined ? subject : `${subject}: nothing is deployed to ${environment}`
}

function releaseAt(stateDir: string, environment: string): Release | undefined {
  return closing(openReleaseRecords(stateDir), (records) => {
    const current = releaseStack(records.deployments(environment)).at(-1)
    return current === undefined ? undefined : records.release(current)
  })
}

async function readReport(cwd: string, path: string): Promise<Report> {
  const report = (await readJsonFile(cwd, path, 'The report')) as Partial<Report> | null
  if (report?.schemaVersion === 1 && Array.isArray(report.children)) return report as Report
  throw new UserError('E_FILE_FORMAT', `${path} is not a report: it has no schemaVersion 1`, {
    hint: 'Give a report.json that Plimsoll wrote, for example results/report.json.',
  })
}

async function deliver(context: StepContext, params: Params, message: Message): Promise<CheckResult> {
  const base = { check: 'notify.delivered', title: `Message to ${params.to}` }
  if (params.to === 'terminal') {
    messageLines(message).forEach((line) => context.say(line))
    return checkResult({ ...base, verdict: 'pass', message: 'The message was shown.' })
  }
  const failed = params.optional ? 'warn' : 'error'
  try {
    const { ok, status, message: outcome } = await send(context, params, message)
    return checkResult({
      ...base,
      verdict: ok ? 'pass' : failed,
      message: outcome,
      measurements: [{ name: 'status', value: status }],
      ...(!ok && { hint: 'Check the webhook: it may have been revoked, or expect another form of message.' }),
    })
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'E_NETWORK') throw error
    return checkResult({ ...base, verdict: failed, message: error.message, ...(error.hint && { hint: error.hint }) })
  }
}

function send({ clock, signal }: StepContext, { to, url, secret }: Params, message: Message): Promise<Delivery> {
  if (url === undefined) {
    throw new UserError('E_VALUE', `A message to ${to} needs the address of the webhook.`, {
      hint: 'Give --url, or url: ${secrets.NAME} in plimsoll.yaml.',
    })
  }
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    // The address is a secret and is not shown.
    throw new UserError('E_VALUE', 'The address of the webhook is not an http:// or https:// URL.', {
      hint: 'See whether the secret that it comes from holds the whole URL.',
    })
  }
  if (to === 'slack') return sendSlack(url, message, signal)
  return sendWebhook(url, message, { secret, timestamp: Math.floor(clock.now().getTime() / 1000), signal })
}
