import { z } from 'zod'
import { checkResult, type CheckResult } from '../core/check.ts'
import { count } from '../core/counts.ts'
import { digestOf, shortDigest } from '../core/digest.ts'
import { UserError } from '../core/errors.ts'
import { stepReport } from '../core/report.ts'
import { defineStep, file } from '../core/step.ts'
import { displayPath, requirePath } from '../drivers/files.ts'
import type { FileScan } from '../security/file-scan.ts'
import { scanPath } from '../security/scan.ts'
import { scanHint } from './scan-hint.ts'

const params = z.strictObject({
  model: z.string().meta({ value: 'PATH' }).describe('Model file, or a folder in which every file is scanned'),
})

export const securityScan = defineStep({
  name: 'security-scan',
  summary: 'Look for code and traps in model files, without loading them.',
  params,
  argument: 'model',
  examples: ['plimsoll security-scan artifacts/model.onnx', 'plimsoll security-scan --model artifacts'],
  reads: ({ model }) => [file(model)],
  writes: () => [],
  async run(context, { model }) {
    const startedAt = context.clock.now()
    const started = context.clock.monotonic()
    const path = await requirePath(context.cwd, model, 'The model')
    const display = (absolute: string) => displayPath(context.cwd, absolute)
    const scans = await scanPath(path, { signal: context.signal, display })
    if (scans.length === 0) {
      throw new UserError('E_FILE_MISSING', `There are no files in ${model}`, {
        hint: 'Name the model file, or the folder that holds it.',
      })
    }
    const [only] = scans
    const digest = scans.length === 1 ? only!.digest : digestOf(scans.map((scan) => [scan.path, scan.digest]))
    return stepReport({
      name: 'security-scan',
      summary: summaryOf(scans),
      subject: { kind: 'model', name: display(path), digest },
      startedAt,
      durationMs: context.clock.monotonic() - started,
      results: scans.map(resultOf),
      details: { files: scans.map(({ path, digest, bytes, formats, verdict }) => ({ path, digest, bytes, formats, verdict })) },
    })
  },
})

function summaryOf(scans: readonly FileScan[]): string {
  const bytes = scans.reduce((sum, scan) => sum + scan.bytes, 0)
  const findings = scans.reduce((sum, scan) => sum + scan.findings.length, 0)
  return `${count(scans.length, 'file')}, ${count(bytes, 'byte')}, ${count(findings, 'finding')}`
}

function resultOf(scan: FileScan): CheckResult {
  const { path, bytes, formats, verdict, findings, durationMs } = scan
  const format = formats.join(' > ') || 'unknown format'
  const [first] = findings
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
