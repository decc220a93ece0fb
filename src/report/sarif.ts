import type { Location } from '../core/check.ts'
import type { Report } from '../core/report.ts'
import { Artifacts } from './sarif/artifacts.ts'
import { Fingerprints } from './sarif/fingerprint.ts'
import { foundIn, type Placed, type Unplaced } from './sarif/results.ts'
import { ruleDescriptor, type RuleDescription } from './sarif/rules.ts'
import { artifactLocation, SOURCE_ROOT } from './sarif/uri.ts'

export type { RuleDescription } from './sarif/rules.ts'

export interface SarifOptions {
  /** Version of Plimsoll. */
  readonly version: string
  /** What is known of the rules that findings name; a rule that is not among them is described by its check alone. */
  readonly rules?: readonly RuleDescription[]
  /** The exit code of the process that made the report. */
  readonly exitCode?: number
  readonly informationUri?: string
  /** GitHub code scanning refuses more per run. */
  readonly maxResults?: number
  /** GitHub takes 10 MB, compressed. */
  readonly maxBytes?: number
}

const MAX_RESULTS = 25_000
const MAX_BYTES = 10_000_000
const SEVEREST_FIRST = ['error', 'warning', 'note']

/**
 * What was found, as SARIF 2.1.0 (OASIS, with errata 01): one result per finding with a place in a file. What did not pass and has no
 * place is a notification. Offsets in binary files are `byteOffset`s; members of archives are nested artifacts. The same report gives
 * the same document. Beyond what GitHub takes, the least severe results are left out and a notification says how many.
 */
export function renderSarif(report: Report, options: SarifOptions): string {
  const { maxResults = MAX_RESULTS, maxBytes = MAX_BYTES } = options
  const described = new Map((options.rules ?? []).map((rule) => [rule.id, rule]))
  const { placed, unplaced } = foundIn(report, (rule) => described.has(rule))
  for (let most = maxResults; ; most = Math.floor(most / 2)) {
    const kept = severest(placed, most)
    const text = `${JSON.stringify(logOf(report, { kept, unplaced, all: placed.length }, described, options), null, 2)}\n`
    if (Buffer.byteLength(text) <= maxBytes || kept.length === 0) return text
  }
}

/** The `most` severest, in the order in which they were found. */
function severest(placed: readonly Placed[], most: number): readonly Placed[] {
  if (placed.length <= most) return placed
  const kept = new Set(
    placed
      .toSorted((a, b) => SEVEREST_FIRST.indexOf(a.level) - SEVEREST_FIRST.indexOf(b.level)) // the sort is stable
      .slice(0, most),
  )
  return placed.filter((one) => kept.has(one))
}

interface Contents {
  readonly kept: readonly Placed[]
  readonly unplaced: readonly Unplaced[]
  readonly all: number
}

function logOf(
  report: Report,
  { kept, unplaced, all }: Contents,
  described: ReadonlyMap<string, RuleDescription>,
  { version, exitCode, informationUri }: SarifOptions,
): object {
  const used = [...new Set(kept.map(({ rule }) => rule))].toSorted()
  const artifacts = new Artifacts(report)
  const fingerprints = new Fingerprints()
  const results = kept.map((placed) => resultOf(placed, used.indexOf(placed.rule), artifacts, fingerprints))
  const left = all - kept.length
  const notices = [
    ...unplaced.map(({ rule, level, message }) => notification(level, message, rule)),
    ...(left === 0 ? [] : [notification('warning', `${left} of ${all} findings are left out here; the JSON report has all.`)]),
  ]
  const ended = new Date(Date.parse(report.startedAt) + report.durationMs).toISOString()
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Plimsoll',
            version,
            semanticVersion: version,
            ...(informationUri !== undefined && { informationUri }),
            rules: used.map((id) => ruleDescriptor(described.get(id) ?? undescribed(id))),
          },
        },
        automationDetails: { id: `plimsoll/${report.name}/` },
        invocations: [
          {
            executionSuccessful: report.verdict !== 'error',
            ...(exitCode !== undefined && { exitCode }),
            startTimeUtc: report.startedAt,
            endTimeUtc: ended,
            ...(notices.length > 0 && { toolExecutionNotifications: notices }),
          },
        ],
        originalUriBaseIds: { [SOURCE_ROOT]: { description: { text: 'The folder of the project.' } } },
        columnKind: 'utf16CodeUnits',
        artifacts: artifacts.list,
        results,
      },
    ],
  }
}

/** A check whose findings name no rule that is described: what is known of it is its name. */
const undescribed = (check: string): RuleDescription => ({
  id: check,
  title: `Check ${check}`,
  why: '',
  fix: '',
  severity: 'warning',
})

const notification = (level: Placed['level'], text: string, rule?: string): object => ({
  level,
  message: { text },
  ...(rule !== undefined && { properties: { check: rule } }),
})

function resultOf(placed: Placed, ruleIndex: number, artifacts: Artifacts, fingerprints: Fingerprints): object {
  const { rule, level, message, location, container, verdict, check, evidence } = placed
  const { file, members } = artifacts.split(location.file, container)
  const isText = location.line !== undefined
  const fingerprint = fingerprints.of(placed)
  return {
    ruleId: rule,
    ruleIndex,
    kind: 'fail',
    level,
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { ...artifactLocation(file), index: artifacts.file(file) },
          ...regionInFile(location),
        },
        ...(members.length > 0 && { logicalLocations: [{ fullyQualifiedName: location.file, kind: 'member' }] }),
      },
    ],
    ...(members.length > 0 && { relatedLocations: [memberLocation(location, file, members, artifacts)] }),
    // GitHub goes by the first alone; in a text file it makes it from the lines around, which follow an edit.
    partialFingerprints: { ...(!isText && { primaryLocationLineHash: fingerprint }), 'plimsollFinding/v1': fingerprint },
    properties: { check, verdict, ...(evidence !== undefined && { evidence }) },
  }
}

/** The region in the file itself; none when the bytes count in what was unfolded from it. */
function regionInFile({ line, column, byteOffset, byteLength, stream }: Location): { region?: object } {
  if (line !== undefined) return { region: { startLine: line, ...(column !== undefined && { startColumn: column }) } }
  if (byteOffset === undefined || stream !== undefined) return {}
  // A region in bytes has no lines. GitHub refuses a region without one, and shows the head of the file.
  return { region: { startLine: 1, byteOffset, ...(byteLength !== undefined && { byteLength }) } }
}

/** The member of an archive as an artifact nested in its file, with the region when the bytes count in it. */
function memberLocation(location: Location, file: string, members: readonly string[], artifacts: Artifacts): object {
  const { byteOffset, byteLength, stream } = location
  // What lies in an unfolded stream as it is counts in the stream.
  const path = stream === undefined ? members : artifacts.split(stream, file).members
  const index = artifacts.member(file, path)
  return {
    id: 1,
    message: { text: stream ?? location.file },
    physicalLocation: {
      artifactLocation: { index },
      ...(stream !== undefined &&
        byteOffset !== undefined && { region: { byteOffset, ...(byteLength !== undefined && { byteLength }) } }),
    },
  }
}
