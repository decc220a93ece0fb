import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { hostileReport, sampleReport } from '../fixtures/sample-report.ts'
import { hardeningRules } from '../../src/cli/hardening-rules.ts'
import { checkResult } from '../../src/core/check.ts'
import { stepReport, type Report } from '../../src/core/report.ts'
import { renderSarif } from '../../src/report/sarif.ts'
import { scanBytes } from '../../src/security/scan.ts'
import { lacks, SARIF_SCHEMA } from './peers.ts'

/** Checks a document with the schema of OASIS, which is of draft 4 and has one pattern that is none in Unicode mode. */
function validator(): (document: unknown) => unknown {
  const { $schema: _draft, id: _id, ...schema } = JSON.parse(readFileSync(SARIF_SCHEMA, 'utf8')) as Record<string, unknown>
  const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema)
  return (document) => (validate(document) ? [] : validate.errors)
}

test.skipIf(lacks('jest-sarif'))('what is written is SARIF 2.1.0 by its schema (jest-sarif)', async () => {
  const errorsOf = validator()
  const pickle = Buffer.from("cposix\nsystem\n(S'true'\ntR.")
  const { findings, digest, bytes, path } = await scanBytes(pickle, 'a b/model.pkl')
  const scan = stepReport({
    name: 'security-scan',
    summary: '',
    startedAt: new Date('2026-03-04T05:06:07Z'),
    durationMs: 1,
    results: [
      checkResult({ check: 'scan.file', title: path, verdict: 'fail', message: 'found', findings, location: { file: path } }),
    ],
    details: { files: [{ path, digest, bytes }] },
  })
  const nested: Report = {
    ...scan,
    results: scan.results.map((result) => ({
      ...result,
      findings: [{ ...findings[0]!, location: { file: `${path}!x.gz!gzip`, byteOffset: 3, stream: `${path}!x.gz!gzip` } }],
    })),
  }
  expect(findings.length).toBeGreaterThan(0)
  for (const report of [scan, nested, sampleReport, hostileReport()]) {
    expect(errorsOf(JSON.parse(renderSarif(report, { version: '1.2.3', exitCode: 1, rules: hardeningRules() })))).toEqual([])
  }
  expect(errorsOf({ version: '2.1.0', runs: [{ results: [] }] })).not.toEqual([])
})
