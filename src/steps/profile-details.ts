import type { OnPass } from '../data/profile/measure.ts'
import { profileBothOpened, profileOpened } from '../data/profile/profile.ts'
import { displayAddress } from '../drivers/remote/address.ts'
import type { Compared } from './compare-with-reference.ts'

/** A larger data set is described column by column only when somebody wants to look at it: that takes as long as checking it. */
const PROFILED_ROWS = 1_000_000

/** What a report says of the columns, for pages that draw them: `details.columns` and `details.reference.columns`. */
export async function profileDetails(
  { opened, data, reference, sensitive }: Compared,
  { rows, isWanted, onPass }: { readonly rows: number; readonly isWanted: boolean; readonly onPass: OnPass },
): Promise<Record<string, unknown>> {
  if (rows === 0 || (rows > PROFILED_ROWS && !isWanted)) return {}
  const options = { cwd: opened.data.source.cwd, data, sensitive, onPass }
  if (reference === undefined) return { columns: (await profileOpened(opened, options)).columns }
  const profiles = await profileBothOpened(opened, { ...options, reference })
  return {
    columns: profiles.current.columns,
    reference: { path: displayAddress(reference), rows: profiles.reference.rows, columns: profiles.reference.columns },
  }
}
