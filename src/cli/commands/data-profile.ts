import { resolve } from 'node:path'
import { profileAgainst, profileData } from '../../data/profile/profile.ts'
import { writeFileAtomic } from '../../drivers/files.ts'
import { renderProfileHtml } from '../../report/data-profile-page.tsx'
import { renderProfileText } from '../../report/data-profile-text.ts'
import { readingOf, type ReadingFlags } from '../reading-options.ts'
import type { Session } from '../session.ts'
import { columnsOf } from './data-infer.ts'
import { tellingPasses } from './passes.ts'

export interface ProfileFlags extends ReadingFlags {
  readonly input: string
  readonly reference?: string
  readonly columns?: string
  readonly bins: number
  readonly sensitive?: string
  readonly html?: string
}

/** Prints what a data set is like, beside another if one is named. */
export async function profileCommand(session: Session, flags: ProfileFlags): Promise<number> {
  const { cwd, terminal, json } = session
  const columns = flags.columns === undefined ? undefined : columnsOf(flags.columns)
  const signal = session.interruptible()
  const common = {
    cwd,
    data: flags.input,
    columns,
    histogramBins: flags.bins,
    sensitive: columnsOf(flags.sensitive),
    signal,
    reading: readingOf(session, flags),
  }
  const { reference: path } = flags
  const { current, reference } = await tellingPasses(session, async (onPass) =>
    path === undefined
      ? { current: await profileData({ ...common, onPass }), reference: undefined }
      : profileAgainst({ ...common, reference: path, onPass }),
  )
  if (flags.html !== undefined) {
    await writeFileAtomic(resolve(cwd, flags.html), await renderProfileHtml(current, reference))
    session.say(`${flags.html} is written.`)
  }
  const { out } = terminal
  if (json) out.write(`${JSON.stringify({ schemaVersion: 1, current, ...(reference && { reference }) }, null, 2)}\n`)
  else
    out.write(renderProfileText(current, reference, { color: out.color, ...(out.width !== undefined && { width: out.width }) }))
  return 0
}
