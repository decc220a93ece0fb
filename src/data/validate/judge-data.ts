import { digestOf, type Digest } from '../../core/digest.ts'
import { UserError } from '../../core/errors.ts'
import { duckdbVersion } from '../../drivers/duckdb.ts'
import { displayPath } from '../../drivers/files.ts'
import { version } from '../../drivers/self.ts'
import type { Aggregate } from '../plan/aggregate.ts'
import { countBroken, countRows } from '../plan/count-rows.ts'
import { fileDigests, type FileDigests } from '../plan/digests.ts'
import { openKeptStates, type KeptStates } from '../plan/kept-states.ts'
import { measure, type Measured } from '../plan/measure.ts'
import type { Condition } from '../row-schema/compile.ts'
import { goodPatterns } from './check-patterns.ts'
import { documentKeys, strayDocument, strayDocuments } from './documents.ts'
import { findExamples, findRows, type ExampleOptions } from './examples.ts'
import type { AnsweredBy, Judgement, Outcome, TableOutcome } from './judgement.ts'
import type { Rule } from '../row-schema/schema.ts'
import { absentVerdict } from '../table-rules/open.ts'
import type { JudgeContext } from '../table-rules/rule.ts'
import type { RuleSettings } from '../table-rules/settings.ts'
import { outcomeOf, STRICT } from './outcome.ts'
import { openJudging, type Judging, type OpenJudgingOptions } from './open-judging.ts'
import { planOf, wayOf } from './plan-of.ts'
import { tellProgress } from './progress.ts'
import { unexpectedColumns } from './unexpected-columns.ts'

export interface JudgeDataOptions extends OpenJudgingOptions {
  /** Most example rows for each broken rule. */
  readonly examples: number
  /** How much each rule on rows weighs, and how many rows have to keep it; all of them unless said. */
  readonly settings?: (rule: Rule) => RuleSettings
  /** Columns whose values are shown with each example row. */
  readonly key?: readonly string[]
  /** Columns whose values are shown nowhere. */
  readonly sensitive?: ReadonlySet<string>
  /** Told what is to be judged, before anything of it is read. */
  readonly whenOpen?: (judging: Judging) => void
  /** The state folder in which measurements of files are kept for later runs; null keeps none and uses none. */
  readonly stateDir: string | null
  readonly now: Date
  readonly monotonic?: () => number
  /** Told how far a long scan is, and what else is worth knowing on the way. */
  readonly say?: (line: string) => void
  /** What else is to be done while the data is open, such as writing the rows that fail. */
  readonly whenJudged?: (judging: Judging, judgement: Judgement) => Promise<void>
}

/**
 * Judges every row of a data set by a row schema and its table rules, with the least reading: footers answer what they can, states of
 * earlier runs what they have, and one scan the rest; example rows are read only for what is broken.
 *
 * @throws UserError E_FILE_MISSING, E_FILE_FORMAT, E_CONFLICT (a file was changed meanwhile) for the data; E_SCHEMA_KEYWORD for a
 *   pattern that RE2 cannot do
 */
export async function judgeData(options: JudgeDataOptions): Promise<Judgement> {
  const { stateDir, now, say = () => {}, monotonic = () => performance.now() } = options
  const progress = tellProgress(say, monotonic)
  const engine = `${version()} ${duckdbVersion()}`
  const kept = keptStates(stateDir, now, say)
  const judging = await openJudging({
    ...options,
    onProgress: progress.moved,
    goodPatterns: goodPatterns(kept.open, engine),
  }).catch((error: unknown) => {
    kept.close()
    throw error
  })
  try {
    options.whenOpen?.(judging)
    return await judging.source.reading(async () => {
      const { files, nameOf } = judging.source
      const digests = await fileDigests(files, nameOf, kept.open)
      const measured = await measure({
        scan: judging.scan,
        units: judging.units,
        aggregates: aggregatesOf(judging),
        duckdb: judging.duckdb,
        digests,
        kept: kept.open,
        engine,
        onRead: progress.reads,
      })
      const judgement = await judge(judging, measured, options, await dataDigest(judging, digests))
      await options.whenJudged?.(judging, judgement)
      await digests.requireUnchanged()
      return judgement
    })
  } finally {
    kept.close()
    judging.close()
  }
}

/** Documents that have a key which a closed schema does not list. */
const withExtraKeys = ({ compiled }: Judging): Aggregate<number> | undefined =>
  compiled.extraKeys ? countBroken(compiled.extraKeys) : undefined

function aggregatesOf(judging: Judging): Aggregate[] {
  const { source, counts, bound } = judging
  const extra = withExtraKeys(judging)
  const ofDocuments = source.format === 'json' ? [strayDocuments, documentKeys, ...(extra ? [extra] : [])] : []
  return [countRows, ...counts, ...bound.flatMap(({ aggregates }) => aggregates), ...ofDocuments] as Aggregate[]
}

async function judge(
  judging: Judging,
  measured: Measured,
  { schema, examples: most, key = [], sensitive = new Set(), settings = () => STRICT, now }: JudgeDataOptions,
  digest: Digest | undefined,
): Promise<Judgement> {
  const { duckdb, source, scan, compiled, counts } = judging
  const { states } = measured
  const shown = { duckdb, scan, most, key, sensitive }
  const isDocument = source.format === 'json'
  if (isDocument && states.of(strayDocuments) > 0) throw await strayDocument(duckdb, source)
  const rows = states.of(countRows)
  const columns = isDocument ? states.of(documentKeys) : source.columns.map(({ name }) => name)
  const extraKeys = withExtraKeys(judging)
  const extra = await unexpectedColumns(duckdb, source, schema, {
    columns,
    rows,
    withExtraKeys: extraKeys ? states.of(extraKeys) : 0,
  })
  const failed = compiled.conditions.filter((_condition, i) => states.of(counts[i]!) > 0)
  if (extraKeys && states.of(extraKeys) > 0) failed.push(compiled.extraKeys!)
  const found = await findExamples(failed, { ...shown, source: whereBroken(judging, measured, failed) })
  const outcomes = compiled.conditions.map((condition, i): Outcome => {
    const broken = states.of(counts[i]!)
    const examples = found.examples.get(condition) ?? []
    const answeredBy = wayOf(measured, [counts[i]!], condition)
    return outcomeOf({ rule: condition.rule, broken, examples, answeredBy }, rows, settings(condition.rule))
  })
  return {
    path: source.path,
    rows,
    brokenRows: !isDocument && extra.length > 0 ? rows : found.brokenRows,
    columns,
    types: new Map(source.format === 'parquet' ? source.columns.map(({ name, type }) => [name, type]) : []),
    format: source.format,
    outcomes: [...outcomes, ...extra],
    tableOutcomes: await judgeTable(judging, measured, { rows, now }, { ...shown, source }),
    absent: compiled.absent,
    plan: planOf(judging, measured),
    digest,
  }
}

/** The files that have rows which break a condition; all, where that is not known file by file. */
function whereBroken(
  { source, units, compiled, counts }: Judging,
  measured: Measured,
  failed: readonly Condition[],
): Judging['source'] {
  const indices = failed.map((condition) => compiled.conditions.indexOf(condition))
  const isBroken = (unit: Judging['units'][number]) =>
    indices.some((index) => index < 0 || (measured.inUnit(unit, counts[index]!) ?? 1) > 0)
  const broken = units.filter(isBroken)
  return broken.length === units.length ? source : source.only(broken.flatMap((unit) => unit.source.files))
}

async function judgeTable(
  { source, bound, unbound }: Judging,
  measured: Measured,
  context: JudgeContext,
  shown: ExampleOptions,
): Promise<TableOutcome[]> {
  const outcomes: TableOutcome[] = []
  for (const one of bound) {
    const verdict = one.judge(measured.states, context)
    const finder = (verdict.broken ?? 0) > 0 ? one.rows : undefined
    const examples = finder ? await findRows(finder, one.rule.columns, shown) : []
    const answeredBy: AnsweredBy = wayOf(measured, one.aggregates)
    outcomes.push({ rule: one.rule, verdict, examples, answeredBy })
  }
  const columns = source.columns.map(({ name }) => name)
  for (const rule of unbound) outcomes.push({ rule, verdict: absentVerdict(rule, columns), examples: [], answeredBy: 'type' })
  return outcomes
}

/** One digest for all files, when all of them were read, or what was kept of them was asked for. */
async function dataDigest({ source }: Judging, digests: FileDigests): Promise<Digest | undefined> {
  const { cwd, files } = source
  const found = files.map((file) => [source.nameOf(file), digests.seen(file)] as const)
  if (found.some(([, digest]) => digest === undefined)) return undefined
  // A private copy is not what the user has: its digest would name nothing.
  const isCopied = files.some((file) => displayPath(cwd, file) !== source.nameOf(file))
  if (isCopied) return source.digest()
  return found.length === 1 ? found[0]![1] : digestOf(Object.fromEntries(found))
}

/** The states of earlier runs, opened when somebody asks. A state folder that cannot be used costs time, and is no reason to stop. */
function keptStates(
  stateDir: string | null,
  now: Date,
  say: (line: string) => void,
): { open: () => KeptStates | null; close: () => void } {
  let opened: KeptStates | null | undefined = stateDir === null ? null : undefined
  return {
    open() {
      if (opened !== undefined) return opened
      try {
        opened = openKeptStates(stateDir!, now)
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        say(`Nothing is kept for later runs: ${error.message}`)
        opened = null
      }
      return opened
    },
    close: () => opened?.close(),
  }
}
