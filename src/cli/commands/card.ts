import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { NO_DESCRIPTION, parseDescription, type Description } from '../../bom/description.ts'
import { mlBom } from '../../bom/ml-bom.ts'
import { modelCard } from '../../bom/model-card.ts'
import { unknownsOf } from '../../bom/unknown.ts'
import { closing } from '../../core/closing.ts'
import { requireFile, statIfExists, writeFileAtomic } from '../../drivers/files.ts'
import { version } from '../../drivers/self.ts'
import { versionName } from '../../registry/model-version.ts'
import { openRegistry } from '../../registry/registry.ts'
import { factsOf } from '../../steps/model-facts.ts'
import { sourceDateEpoch } from '../../steps/source-date-epoch.ts'
import type { Session } from '../session.ts'

/** Read when it exists and no other file is named. */
const DESCRIPTION_FILE = 'model-card.yaml'

export interface CardFlags {
  readonly format: 'markdown' | 'cyclonedx'
  readonly output?: string
  readonly description?: string
}

/** Writes the card of a model version from its results, and says what is not known. */
export async function cardCommand(session: Session, reference: string, flags: CardFlags): Promise<number> {
  const found = closing(openRegistry(session.stateDir), (registry) => registry.resolve(reference))
  const facts = factsOf(found)
  const description = await readDescription(session, flags.description)
  const asBom = session.json || flags.format === 'cyclonedx'
  const text = asBom
    ? `${JSON.stringify(mlBom(facts, description, { toolVersion: version(), timestamp: timestampOf(session, facts.createdAt) }), null, 2)}\n`
    : modelCard(facts, description)
  if (flags.output === undefined) session.terminal.out.write(text)
  else {
    await writeFileAtomic(resolve(session.cwd, flags.output), text)
    session.say(`${flags.output} is the card of ${versionName(found)}.`)
  }
  const unknown = unknownsOf(facts, description)
  if (unknown.length > 0) session.say(`Not known: ${unknown.map(({ what }) => what).join(', ')}.`)
  return 0
}

/** The version was registered then; a build that sets SOURCE_DATE_EPOCH says the time itself. */
function timestampOf({ env }: Session, createdAt: string): string {
  const epoch = sourceDateEpoch(env)
  return epoch === undefined ? createdAt : new Date(epoch * 1000).toISOString()
}

async function readDescription({ cwd, root }: Session, path: string | undefined): Promise<Description> {
  if (path !== undefined) return parseDescription(await readFile(await requireFile(cwd, path, 'The description'), 'utf8'), path)
  const usual = join(root, DESCRIPTION_FILE)
  return (await statIfExists(usual)) ? parseDescription(await readFile(usual, 'utf8'), DESCRIPTION_FILE) : NO_DESCRIPTION
}
