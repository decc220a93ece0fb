import { expect, test } from 'vitest'
import { hostileReport, sampleReport } from '../../test/fixtures/sample-report.ts'
import { checkResult, type Finding } from '../core/check.ts'
import { stepReport, type Report } from '../core/report.ts'
import { renderSarif, type RuleDescription } from './sarif.ts'

interface Region {
  readonly startLine?: number
  readonly startColumn?: number
  readonly byteOffset?: number
  readonly byteLength?: number
}
interface Place {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri?: string; readonly uriBaseId?: string; readonly index?: number }
    readonly region?: Region
  }
  readonly logicalLocations?: readonly { readonly fullyQualifiedName: string }[]
}
interface Result {
  readonly ruleId: string
  readonly ruleIndex: number
  readonly level: string
  readonly message: { readonly text: string }
  readonly locations: readonly Place[]
  readonly relatedLocations?: readonly Place[]
  readonly partialFingerprints: Readonly<Record<string, string>>
}
interface Run {
  readonly tool: { readonly driver: { readonly rules: readonly Record<string, unknown>[] } }
  readonly invocations: readonly Record<string, unknown>[]
  readonly artifacts: readonly Record<string, unknown>[]
  readonly results: readonly Result[]
}

const runOf = (text: string): Run => (JSON.parse(text) as { runs: Run[] }).runs[0]!

const RULES: readonly RuleDescription[] = [
  {
    id: 'pickle.dangerous-call',
    title: 'Loading calls a function that is known to do harm',
    why: 'A pickle is a program.',
    fix: 'Do not load it.',
    severity: 'error',
    tags: ['security'],
    securitySeverity: 8.8,
  },
]

function scanReport(findings: readonly Finding[], file = 'models/model.pt', digest = 'd'.repeat(64)): Report {
  return stepReport({
    name: 'security-scan',
    summary: '1 file',
    startedAt: new Date('2026-03-04T05:06:07Z'),
    durationMs: 20,
    results: [
      checkResult({
        check: 'scan.file',
        title: file,
        verdict: 'fail',
        message: 'found',
        findings,
        location: { file, byteOffset: 132 },
      }),
    ],
    details: { files: [{ path: file, digest: `sha256:${digest}`, bytes: 4096 }] },
  })
}

const call = (location: Finding['location'], more: Partial<Finding> = {}): Finding => ({
  message: 'At byte 132, REDUCE calls posix.system("true"): runs programs',
  severity: 'error',
  rule: 'pickle.dangerous-call',
  ...(location && { location }),
  evidence: { opcode: 'REDUCE', module: 'posix', name: 'system', arguments: '"true"' },
  ...more,
})

const render = (report: Report, options: Partial<Parameters<typeof renderSarif>[1]> = {}) =>
  runOf(renderSarif(report, { version: '1.2.3', rules: RULES, exitCode: 1, ...options }))

test('a finding in a binary file is at its bytes, with its rule and the digest of the file', () => {
  const { tool, artifacts, results, invocations } = render(
    scanReport([call({ file: 'models/model.pt', byteOffset: 132, byteLength: 1 })]),
  )
  expect(results).toHaveLength(1)
  expect(results[0]).toMatchObject({
    ruleId: 'pickle.dangerous-call',
    ruleIndex: 0,
    level: 'error',
    kind: 'fail',
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'models/model.pt', uriBaseId: '%SRCROOT%', index: 0 },
          region: { byteOffset: 132, byteLength: 1 },
        },
      },
    ],
    properties: { check: 'scan.file', verdict: 'fail', evidence: { opcode: 'REDUCE', module: 'posix', name: 'system' } },
  })
  expect(tool.driver.rules[0]).toMatchObject({
    id: 'pickle.dangerous-call',
    help: { text: 'A pickle is a program.\n\nDo not load it.' },
    defaultConfiguration: { level: 'error' },
    properties: { tags: ['security'], 'security-severity': '8.8' },
  })
  expect(artifacts).toEqual([
    { location: { uri: 'models/model.pt', uriBaseId: '%SRCROOT%' }, length: 4096, hashes: { 'sha-256': 'd'.repeat(64) } },
  ])
  expect(invocations).toMatchObject([{ executionSuccessful: true, exitCode: 1, endTimeUtc: '2026-03-04T05:06:07.020Z' }])
})

test('a member of an archive is nested in its file; bytes count in the file, or in what was unfolded from it', () => {
  const { artifacts, results } = render(
    scanReport([
      call({ file: 'models/model.pt!archive/data.pkl', byteOffset: 200 }),
      call({ file: 'models/model.pt!inner.gz!gzip!a b.pkl', byteOffset: 7, stream: 'models/model.pt!inner.gz!gzip' }),
    ]),
  )
  expect(artifacts).toMatchObject([
    { location: { uri: 'models/model.pt' } },
    { location: { uri: '/archive/data.pkl' }, parentIndex: 0 },
    { location: { uri: '/inner.gz' }, parentIndex: 0 },
    { location: { uri: '/gzip' }, parentIndex: 2 },
  ])
  const [stored, unfolded] = results
  expect(stored!.locations[0]!.physicalLocation.region).toEqual({ startLine: 1, byteOffset: 200 })
  expect(stored!.relatedLocations![0]!.physicalLocation).toEqual({ artifactLocation: { index: 1 } })
  expect(unfolded!.locations[0]!.physicalLocation.region).toBeUndefined()
  expect(unfolded!.locations[0]!.logicalLocations).toMatchObject([
    { fullyQualifiedName: 'models/model.pt!inner.gz!gzip!a b.pkl' },
  ])
  expect(unfolded!.relatedLocations![0]!.physicalLocation).toEqual({ artifactLocation: { index: 3 }, region: { byteOffset: 7 } })
})

test('fingerprints outlive what moves, tell equal findings apart, and differ for another call', () => {
  const prints = (findings: readonly Finding[]) =>
    render(scanReport(findings)).results.map(({ partialFingerprints }) => partialFingerprints['plimsollFinding/v1']!)
  const at = (byteOffset: number) => ({ file: 'models/model.pt', byteOffset })
  const [before] = prints([call(at(132))])
  const [moved, again] = prints([call(at(999), { message: 'At byte 999, REDUCE calls …' }), call(at(1200))])
  expect(moved).toBe(before)
  expect(again).toBe(before!.replace(/:1$/, ':2'))
  const [other] = prints([call(at(132), { evidence: { opcode: 'REDUCE', module: 'posix', name: 'popen' } })])
  expect(other).not.toBe(before)
  const limit = (n: number) => call(at(0), { message: `More than ${n} members`, evidence: undefined })
  expect(prints([limit(10_000)])).toEqual(prints([limit(20_001)]))
})

test('file names that no URI may hold are encoded, and names with ! stay whole', () => {
  const name = 'sub folder/100%/ä!#?\ud800.pt'
  const { results, artifacts } = render(scanReport([call({ file: `${name}!x`, byteOffset: 1 })], name))
  expect(results[0]!.locations[0]!.physicalLocation.artifactLocation.uri).toBe('sub%20folder/100%25/%C3%A4!%23%3F%EF%BF%BD.pt')
  expect(artifacts).toHaveLength(2)
  const uriOf = (file: string) =>
    render(scanReport([call({ file })], file)).results[0]!.locations[0]!.physicalLocation.artifactLocation
  expect(uriOf('/tmp/a b')).toEqual({ uri: 'file:///tmp/a%20b', index: 0 })
  expect(uriOf('s3://bucket/a b')).toEqual({ uri: 's3://bucket/a%20b', index: 0 })
  expect(uriOf('C:\\models\\a')).toEqual({ uri: 'file:///C:/models/a', index: 0 })
  expect(uriOf('a:b')).toMatchObject({ uri: 'a%3Ab', uriBaseId: '%SRCROOT%' })
})

test('of a run, findings with a place are results, and what failed without one is a notification', () => {
  const { results, invocations, tool } = render(sampleReport)
  expect(results.map(({ ruleId, locations }) => [ruleId, locations[0]!.physicalLocation.region])).toContainEqual([
    'schema.maximum',
    { startLine: 17 },
  ])
  for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]!['id']).toBe(ruleId)
  expect(JSON.stringify(invocations)).toContain('Accuracy is 0.8109')
})

test('beyond what GitHub takes the severest are kept and the rest is counted', () => {
  const many = Array.from({ length: 50 }, (_, i) =>
    call({ file: 'models/model.pt', byteOffset: i }, { severity: i === 49 ? 'error' : 'note' }),
  )
  const { results, invocations } = render(scanReport(many), { maxResults: 10 })
  expect(results).toHaveLength(10)
  expect(results.at(-1)!.level).toBe('error')
  expect(JSON.stringify(invocations)).toContain('40 of 50 findings are left out here')
  const small = renderSarif(scanReport(many), { version: '1', maxBytes: 12_000 })
  expect(Buffer.byteLength(small)).toBeLessThanOrEqual(12_000)
  expect(runOf(small).results.length).toBeGreaterThan(2)
})

test('the same report gives the same document, whatever is in it', () => {
  const once = renderSarif(hostileReport(), { version: '1' })
  expect(renderSarif(hostileReport(), { version: '1' })).toBe(once)
  expect(() => runOf(once)).not.toThrow()
})
