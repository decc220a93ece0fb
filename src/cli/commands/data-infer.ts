import { resolve } from 'node:path'
import { count } from '../../core/counts.ts'
import { UserError } from '../../core/errors.ts'
import { schemaOf } from '../../data/infer/draft.ts'
import { inferSchema } from '../../data/infer/infer.ts'
import { observeData } from '../../data/infer/observe.ts'
import { renderSchemaJson, renderSchemaYaml } from '../../data/infer/render.ts'
import { statIfExists, writeFileAtomic } from '../../drivers/files.ts'
import { readingOf, type ReadingFlags } from '../reading-options.ts'
import type { Session } from '../session.ts'
import { tellingPasses } from './passes.ts'

export interface InferFlags extends ReadingFlags {
  readonly input: string
  readonly output?: string
  readonly force?: boolean
  readonly maxCategories: number
  readonly sensitive?: string
}

/** Guesses a row schema from data and prints it, or writes it to a file. */
export async function inferCommand(session: Session, flags: InferFlags): Promise<number> {
  const { cwd, terminal, json } = session
  const { input, output, force = false, maxCategories } = flags
  const target = output === undefined ? undefined : resolve(cwd, output)
  if (target !== undefined && !force && (await statIfExists(target))) {
    throw new UserError('E_CONFLICT', `${output} exists`, { hint: 'Write over it with --force, or name another file.' })
  }
  const signal = session.interruptible()
  const sensitive = columnsOf(flags.sensitive)
  const reading = readingOf(session, flags)
  const observation = await tellingPasses(session, (onPass) =>
    observeData({ cwd, data: input, sensitive, signal, onPass, reading }),
  )
  const draft = inferSchema(observation, { sensitive, maxCategories })
  const text = output !== undefined && /\.ya?ml$/i.test(output) ? renderSchemaYaml(draft) : renderSchemaJson(draft)
  if (target === undefined) {
    terminal.out.write(text)
    return 0
  }
  await writeFileAtomic(target, text)
  const rules = draft.columns.reduce((sum, column) => sum + column.keywords.length + column.rules.length, draft.rules.length)
  if (json) terminal.out.write(`${JSON.stringify({ schemaVersion: 1, output, schema: schemaOf(draft) }, null, 2)}\n`)
  else
    session.say(
      `${output}: ${count(rules, 'rule')} for ${count(draft.columns.length, 'column')}, guessed from ${count(observation.rows, 'row')}. Read them before you rely on them.`,
    )
  return 0
}

/** `a,b` → a and b. */
export const columnsOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
