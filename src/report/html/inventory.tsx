import { shortDigest } from '../../core/digest.ts'
import type { Artifact, Report } from '../../core/report.ts'
import { runDetails } from '../run-details.ts'
import { formatNumber } from '../wording.ts'

/** Where the run left its environments. */
export function Environments({ report }: { report: Report }) {
  const { environments } = runDetails(report)
  if (environments.length === 0) return null
  return (
    <section>
      <h2>Environments</h2>
      <table>
        <thead>
          <tr>
            <th>Environment</th>
            <th>State</th>
            <th>Release</th>
            <th>URL</th>
          </tr>
        </thead>
        <tbody>
          {environments.map(({ name, state, release, url }) => (
            <tr>
              <td>{name}</td>
              <td>{state}</td>
              <td>{release ? <code>{release}</code> : 'none'}</td>
              <td>{url ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** The files that the run produced, by digest. */
export function Artifacts({ report }: { report: Report }) {
  const all = new Map<string, Artifact>()
  collect(report, all)
  if (all.size === 0) return null
  return (
    <section>
      <h2>Artifacts</h2>
      <table>
        <thead>
          <tr>
            <th>File</th>
            <th>SHA-256</th>
            <th class="time">Bytes</th>
          </tr>
        </thead>
        <tbody>
          {[...all.values()].map(({ path, digest, bytes }) => (
            <tr>
              <td>
                <code>{path}</code>
              </td>
              <td>
                <code title={digest}>{shortDigest(digest)}</code>
              </td>
              <td class="time">{formatNumber(bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function collect(report: Report, into: Map<string, Artifact>): void {
  for (const artifact of report.artifacts) into.set(`${artifact.path}\n${artifact.digest}`, artifact)
  for (const child of report.children) collect(child, into)
}
