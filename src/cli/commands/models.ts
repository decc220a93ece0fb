import { closing } from '../../core/closing.ts'
import { count } from '../../core/counts.ts'
import { shortDigest } from '../../core/digest.ts'
import { metricLines } from '../../registry/metric-lines.ts'
import { textTable } from '../../report/text-table.ts'
import { versionName, type ModelVersion } from '../../registry/model-version.ts'
import { openRegistry, type AliasMove } from '../../registry/registry.ts'
import { actorOf } from '../../steps/actor.ts'
import { listing, minute, print } from '../output.ts'
import type { Session } from '../session.ts'

/** Lists every model with its versions, newest first. */
export function listModelsCommand(session: Session): number {
  const versions = closing(openRegistry(session.stateDir), (registry) =>
    registry.models().flatMap((name) => registry.versions(name)),
  )
  print(session, versions, () =>
    versions.length === 0 ? 'No models yet. Register one with: plimsoll register-model --name NAME' : table(session, versions),
  )
  return 0
}

/** Shows a model with the moves of its aliases (`mortgage`), or one version with its lineage (`mortgage/3`, `mortgage@champion`). */
export function showModelCommand(session: Session, reference: string): number {
  return closing(openRegistry(session.stateDir), (registry) => {
    const version = registry.resolve(reference)
    if (version.name !== reference) {
      print(session, version, () => describe(version))
      return 0
    }
    const model = {
      name: version.name,
      versions: registry.versions(version.name),
      aliasHistory: registry.aliasHistory(version.name),
    }
    print(session, model, () => [table(session, model.versions), ...history(session, model.aliasHistory)].join('\n\n'))
    return 0
  })
}

/** Points an alias to a version. */
export function moveAliasCommand(session: Session, reference: string, alias: string): number {
  return closing(openRegistry(session.stateDir), (registry) => {
    const { name, version } = registry.resolve(reference)
    const { previousVersion } = registry.moveAlias({ name, version, alias, by: actorOf(session), at: new Date() })
    print(session, { name, version, alias, previousVersion }, () => {
      if (previousVersion === version) return `${alias} points to ${name}/${version} already.`
      return `${alias} points to ${name}/${version}${previousVersion === null ? '' : `, before to ${name}/${previousVersion}`}.`
    })
    return 0
  })
}

function table(session: Session, versions: readonly ModelVersion[]): string {
  return listing(
    session,
    ['version', 'digest', 'aliases', 'commit', 'run', 'registered'],
    versions.map((version) => [
      versionName(version),
      shortDigest(version.digest),
      version.aliases.join(', ') || '–',
      version.lineage.code.commit?.slice(0, 7) ?? '–',
      version.runId ?? '–',
      minute(version.createdAt),
    ]),
  )
}

function history(session: Session, moves: readonly AliasMove[]): string[] {
  if (moves.length === 0) return []
  const rows = moves.map(({ alias, version, previousVersion, at, by }) => [
    minute(at),
    alias,
    `${previousVersion ?? '–'} → ${version ?? '–'}`,
    by ?? '–',
  ])
  return [listing(session, ['moved', 'alias', 'version', 'by'], rows)]
}

function describe(version: ModelVersion): string {
  const { lineage, reports, metrics } = version
  const { commit, dirty } = lineage.code
  const facts: readonly (readonly [string, string])[] = [
    ['version', versionName(version)],
    ['aliases', version.aliases.join(', ') || '–'],
    ['file', `${version.file}, ${count(version.bytes, 'byte')}`],
    ['digest', version.digest],
    ['lineage', version.lineageDigest],
    ['data', lineage.data ? `${lineage.data.path} ${lineage.data.digest}` : 'not known'],
    ['config', lineage.config ? `${lineage.config.path} ${lineage.config.digest}` : 'not known'],
    ['commit', commit === null ? 'not known' : `${commit}${dirty ? ', with uncommitted changes' : ''}`],
    ['command', lineage.command ?? 'not known'],
    ['seed', lineage.seed === null ? 'not known' : String(lineage.seed)],
    ...Object.entries(lineage.environment).map(([name, value]) => [name, value] as const),
    ['run', version.runId ?? '–'],
    ['registered', version.createdAt],
  ]
  const blocks = [
    textTable(facts),
    textTable(reports.map(({ name, verdict, summary }) => [name, verdict, summary])),
    textTable(metricLines(metrics)),
  ]
  return blocks.filter((block) => block !== '').join('\n\n')
}
