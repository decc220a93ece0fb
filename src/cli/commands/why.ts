import { resolve } from 'node:path'
import { loadPipeline } from '../../pipeline/config.ts'
import { whyStage, type Why, type WhyField } from '../../pipeline/why.ts'
import { palette } from '../../report/text.ts'
import { loadSteps } from '../../steps/index.ts'
import { listing, print } from '../output.ts'
import { CONFIG_FILE, type Session } from '../session.ts'
import { pipelineHooks } from './run-hooks.ts'

/** Says whether a stage would be answered from the cache, and why, field by field. */
export async function whyCommand(session: Session, stage: string, { config }: { config?: string }): Promise<number> {
  const { root, cwd, stateDir, env } = session
  const path = config === undefined ? resolve(root, CONFIG_FILE) : resolve(cwd, config)
  const pipeline = await loadPipeline(path, { steps: await loadSteps(), env, display: config ?? CONFIG_FILE })
  const hooks = pipelineHooks({ stateDir, env, signal: session.interruptible(), runId: () => null, say: session.say })
  const why = await whyStage(stage, { pipeline, root, stateDir, env, hooks, inconclusive: 'block' })
  print(session, why, () => describe(session, why))
  return 0
}

function describe(session: Session, { stage, outcome, reason, entry, fields }: Why): string {
  const { bold, dim, pass, warn } = palette(session.terminal.out.color)
  const style = outcome === 'hit' ? pass : warn
  const head = `${bold(stage)}: ${style(outcome === 'hit' ? 'from the cache' : outcome === 'miss' ? 'would run' : 'always runs')}`
  const lines = [`${head}. ${reason}`]
  if (entry) lines.push(dim(`compared with run ${entry.runId} of ${entry.at}`))
  const changed = fields.filter((field) => field.changed)
  const same = fields.filter((field) => !field.changed)
  if (changed.length > 0) lines.push('', listing(session, ['changed', 'before', 'now'], changed.map(row)))
  if (same.length > 0)
    lines.push(
      '',
      listing(
        session,
        ['unchanged', 'value'],
        same.map(({ field, now }) => [field, short(now)]),
      ),
    )
  return lines.join('\n')
}

const row = ({ field, before, now }: WhyField): string[] => [field, short(before), short(now)]

function short(value: string | null): string {
  if (value === null) return '–'
  const text = value.replaceAll(/sha256:([0-9a-f]{12})[0-9a-f]{52}/g, '$1')
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
