import { resolve } from 'node:path'
import { z } from 'zod'
import { checkResult, type CheckResult } from '../core/check.ts'
import { count } from '../core/counts.ts'
import { digestOf, shortDigest } from '../core/digest.ts'
import { UserError } from '../core/errors.ts'
import { stepReport } from '../core/report.ts'
import { defineStep, file, type StepContext } from '../core/step.ts'
import { displayPath, requirePath } from '../drivers/files.ts'
import type { FileScan } from '../security/file-scan.ts'
import { LEVELS } from '../security/level.ts'
import { rulesetDigest } from '../security/policy/ruleset.ts'
import { scanPath } from '../security/scan.ts'
import { ALLOW_FILE, projectAllowances } from './project-allowances.ts'
import { scanHint, worstFinding } from './scan-hint.ts'

const params = z.strictObject({
  model: z
    .union([z.string(), z.array(z.string().meta({ value: 'PATH' })).min(1)])
    .meta({ value: 'PATH', whole: true })
    .describe('Model file, or a folder in which every file is scanned; several as a list'),
  level: z
    .enum(LEVELS)
    .default('framework')
    .describe(
      'How much a model may ask of its loader: strict is data alone, framework what the frameworks need, audit reports and refuses nothing',
    ),
  allow: z
    .string()
    .optional()
    .meta({ value: 'FILE' })
    .describe(`Names of the project's own code that its models may import, each with a reason; ${ALLOW_FILE} when that exists`),
})
type Params = z.output<typeof params>

export const securityScan = defineStep({
  name: 'security-scan',
  summary: 'Look for code and traps in model files, without loading them.',
  params,
  argument: 'model',
  examples: [
    'plimsoll security-scan artifacts/model.onnx',
    'plimsoll security-scan artifacts models/encoder.pt',
    'plimsoll security-scan artifacts --level strict',
  ],
  reads: ({ model, allow = ALLOW_FILE }) => [...pathsOf(model), allow].map(file),
  writes: () => [],
  async run(context, params) {
    const startedAt = context.clock.now()
    const started = context.clock.monotonic()
    const scans = await scanAll(context, params)
    const names = pathsOf(params.model).map((path) => displayPath(context.cwd, resolve(context.cwd, path)))
    const [only] = scans
    const digest = scans.length === 1 ? only!.digest : digestOf(scans.map((scan) => [scan.path, scan.digest]))
    return stepReport({
      name: 'security-scan',
      summary: summaryOf(scans),
      subject: { kind: 'model', name: names.join(', '), digest },
      startedAt,
      durationMs: context.clock.monotonic() - started,
      results: scans.map(resultOf),
      details: {
        level: params.level,
        ruleset: rulesetDigest(),
        files: scans.map(({ path, digest, bytes, formats, verdict, unexamined }) => ({
          path,
          digest,
          bytes,
          formats,
          verdict,
          ...(unexamined.length > 0 && { unexamined }),
        })),
      },
    })
  },
})

const pathsOf = (model: Params['model']): string[] => (typeof model === 'string' ? [model] : model)

/** Every file that the paths name or hold, once, in the order given. */
async function scanAll(context: StepContext, { model, level, allow: file }: Params): Promise<FileScan[]> {
  const allow = await projectAllowances(context.cwd, file)
  const display = (absolute: string) => displayPath(context.cwd, absolute)
  const scans = new Map<string, FileScan>()
  for (const name of pathsOf(model)) {
    const path = await requirePath(context.cwd, name, 'The model')
    const found = await scanPath(path, { signal: context.signal, display, level, allow })
    if (found.length === 0) {
      throw new UserError('E_FILE_MISSING', `There are no files in ${name}`, {
        hint: 'Name the model file, or the folder that holds it.',
      })
    }
    for (const scan of found) scans.set(scan.path, scan)
  }
  return [...scans.values()]
}

function summaryOf(scans: readonly FileScan[]): string {
  const bytes = scans.reduce((sum, scan) => sum + scan.bytes, 0)
  const findings = scans.reduce((sum, scan) => sum + scan.findings.length, 0)
  return `${count(scans.length, 'file')}, ${count(bytes, 'byte')}, ${count(findings, 'finding')}`
}

function resultOf(scan: FileScan): CheckResult {
  const { path, bytes, formats, verdict, findings, durationMs } = scan
  const format = formats.join(' > ') || 'unknown format'
  const first = worstFinding(scan)
  const more = findings.length > 1 ? ` (and ${count(findings.length - 1, 'more finding')})` : ''
  const clean = `${format}, ${count(bytes, 'byte')}, all examined: nothing found. sha256 ${shortDigest(scan.digest)}`
  return checkResult({
    check: 'scan.file',
    title: path,
    verdict,
    message: first ? `${first.message}${more}` : clean,
    measurements: [
      { name: 'size', value: bytes, unit: 'bytes' },
      { name: 'format', value: format },
      { name: 'findings', value: findings.length },
    ],
    findings,
    ...(verdict !== 'pass' && { hint: scanHint(scan) }),
    location: { file: path, ...(first?.location?.byteOffset !== undefined && { byteOffset: first.location.byteOffset }) },
    durationMs,
  })
}
