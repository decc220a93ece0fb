import { realpath } from 'node:fs/promises'
import { UserError } from '../core/errors.ts'
import { didYouMean } from '../core/suggest.ts'
import { cacheBlobs, StageCache, unusable, type CacheEntry } from './cache.ts'
import { FileDigests } from './file-digests.ts'
import { fingerprintOf, type Fingerprint, type Upstream } from './fingerprint.ts'
import { selectNodes } from './graph.ts'
import type { Stage } from './pipeline.ts'
import type { RunOptions } from './run-options.ts'
import { schedule } from './schedule.ts'
import { describeServices, locateServices } from './stage-services.ts'
import { openPipelineState } from './state.ts'
import { fillSecrets } from './variables.ts'

/** One field of a stage's fingerprint, now and in the entry of the cache that it was compared with. */
export interface WhyField {
  /** `reads data/raw/latest.parquet`, `env PYTHONHASHSEED`, `plimsoll`, `upstream unit-tests`, … */
  readonly field: string
  /** Null when the field is not there. */
  readonly before: string | null
  readonly now: string | null
  readonly changed: boolean
}

/** Why a stage would, or would not, be answered from the cache if the pipeline ran now. */
export interface Why {
  readonly stage: string
  readonly outcome: 'hit' | 'miss' | 'not-cached'
  /** One sentence. */
  readonly reason: string
  /** The run that filled the cache entry, and when; null when there is none. */
  readonly entry: { readonly runId: string; readonly at: string } | null
  /** Every field, the changed ones first. */
  readonly fields: readonly WhyField[]
}

type WhyOptions = Pick<RunOptions, 'pipeline' | 'root' | 'stateDir' | 'env' | 'hooks' | 'inconclusive'>

/** What is known of a stage without running it. */
interface Foreseen {
  readonly why: Why
  /** What it will have left; null when it is going to run, and only then will be known. */
  readonly upstream: Upstream | null
}

/**
 * Nothing is run and no file is touched: the stages before it are looked up in the same way.
 *
 * @throws UserError E_NOT_FOUND when there is no such stage
 */
export async function whyStage(name: string, options: WhyOptions): Promise<Why> {
  const { pipeline, stateDir } = options
  const names = pipeline.stages.map((stage) => stage.name)
  if (!names.includes(name)) throw new UserError('E_NOT_FOUND', `There is no stage "${name}".`, { hint: didYouMean(name, names) })
  const root = await realpath(options.root)
  const database = openPipelineState(stateDir)
  try {
    const cache = new StageCache(database, root)
    const digests = new FileDigests()
    const nodes = selectNodes(pipeline.stages, [name]).map((stage) => ({
      stage,
      name: stage.name,
      needs: stage.needs,
      exclusive: [],
    }))
    const foreseen = await schedule<(typeof nodes)[number], Foreseen>(nodes, {
      maxParallel: 1,
      gate: () => undefined,
      run: ({ stage }, before) => foresee(stage, before, cache, digests, { ...options, root }),
    })
    return foreseen.get(name)!.why
  } finally {
    database.close()
  }
}

async function foresee(
  stage: Stage,
  before: ReadonlyMap<string, Foreseen>,
  cache: StageCache,
  digests: FileDigests,
  { root, stateDir, env, hooks, inconclusive }: WhyOptions,
): Promise<Foreseen> {
  const services = {
    cwd: root,
    env: { ...env, ...fillSecrets(stage.env, env).value },
    signal: new AbortController().signal,
    say: () => {},
  }
  const fingerprint = await fingerprintOf(stage, {
    root,
    stateDir,
    env,
    hooks,
    digests,
    blobs: cacheBlobs(stateDir),
    services: describeServices(await locateServices(stage, services)),
    upstream: new Map([...before].flatMap(([name, { upstream }]): [string, Upstream][] => (upstream ? [[name, upstream]] : []))),
  })
  const exact = cache.find(stage.name, fingerprint.key)
  const entry = exact ?? cache.latest(stage.name)
  const fields = compare(fingerprint, entry)
  const runsBefore = stage.needs.filter((need) => !before.get(need)!.upstream)
  const [outcome, reason] = await judge(stage, fingerprint, exact, fields, runsBefore, inconclusive, hooks)
  const why: Why = { stage: stage.name, outcome, reason, entry: entry ? { runId: entry.runId, at: entry.at } : null, fields }
  // A stage that always runs is taken to leave what it left the last time; what one leaves that has changed is not known.
  const known = outcome === 'hit' ? exact : outcome === 'not-cached' ? cache.lastAnswer(stage.name) : undefined
  return { why, upstream: known ? { outputs: known.outputs, verdict: known.report.verdict } : null }
}

async function judge(
  stage: Stage,
  { untracked }: Fingerprint,
  exact: CacheEntry | undefined,
  fields: readonly WhyField[],
  runsBefore: readonly string[],
  inconclusive: RunOptions['inconclusive'],
  hooks: RunOptions['hooks'],
): Promise<[Why['outcome'], string]> {
  if (!stage.cache) return ['not-cached', 'The file says `cache: false`.']
  if (untracked.length > 0) return ['not-cached', `Not everything that can change it is known: ${untracked.join('; ')}.`]
  if (exact) {
    const trouble = await unusable(exact, inconclusive, hooks)
    return trouble === undefined
      ? ['hit', 'Nothing that can change it has changed.']
      : ['miss', `Its answer cannot be used: ${trouble}.`]
  }
  if (runsBefore.length > 0) return ['miss', `${runsBefore.join(', ')} will run before it, and may leave something new.`]
  const changed = fields.filter((field) => field.changed).map(({ field }) => field)
  if (fields.every(({ before }) => before === null)) return ['miss', 'It has not passed before.']
  return ['miss', `Changed since it passed: ${changed.join(', ')}.`]
}

function compare({ fields: now }: Fingerprint, entry: CacheEntry | undefined): WhyField[] {
  const before = entry?.fields ?? {}
  const names = [...new Set([...Object.keys(now), ...Object.keys(before)])].toSorted()
  return names
    .map((field) => ({ field, before: before[field] ?? null, now: now[field] ?? null, changed: before[field] !== now[field] }))
    .toSorted((a, b) => Number(b.changed) - Number(a.changed))
}
