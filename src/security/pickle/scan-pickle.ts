import type { Part } from '../examination.ts'
import { byteAt, type ByteSource } from '../source.ts'
import { ImportTable, type ImportRecord } from './effects/imports.ts'
import type { NestedBytes } from './effects/nested.ts'
import { Storages } from './effects/torch-storages.ts'
import { opcodeOf } from './opcodes.ts'
import { reportImports, reportProblems } from './report.ts'
import { runPickle } from './run-pickle.ts'
import { followStray, isPlausible, searchPickles } from './stray.ts'
import { LEGACY_PICKLES, walkStorages } from './torch-legacy.ts'
import { TORCH_MAGIC } from './values.ts'

export { followStray }

const MOST_PICKLES = 10_000

export interface PickleScan {
  /** Where the last pickle ended. */
  readonly end: number
  /** How many pickles were read to their STOP. */
  readonly complete: number
  /** Every name that is imported. */
  readonly imports: readonly ImportRecord[]
  /** Constants that are loaded in their turn. */
  readonly nested: readonly NestedBytes[]
  /** Offsets of constants that begin as a pickle does. */
  readonly embedded: readonly number[]
  readonly torchLegacy: boolean
}

/** Reads every pickle in a source, one after the other, and reports what loading them would do. */
export async function scanPickle(source: ByteSource, part: Part, start = 0): Promise<PickleScan> {
  const storages = new Storages()
  const names: ImportRecord[] = []
  const nested: NestedBytes[] = []
  const embedded: number[] = []
  let torchLegacy = false
  let end = start
  let complete = 0
  const found = () => ({ end, complete, imports: names, nested, embedded, torchLegacy })
  for (;;) {
    if (complete > 0 && (end >= source.size || (torchLegacy && complete >= LEGACY_PICKLES))) break
    if (complete > 0 && !opcodeOf(byteAt(source, end))) break
    if (complete === MOST_PICKLES) {
      reportRest(part, source, end, 'scan.limit', `Not examined to its end: more than ${MOST_PICKLES} pickles follow each other`)
      return found()
    }
    const imports = new ImportTable(part.examination.judge)
    const run = await runPickle(source, end, part, { imports, storages })
    // What follows a complete pickle may be no pickle at all; then only what was clearly meant counts.
    const stray = complete > 0 && run.status !== 'stopped' && run.status !== 'limit'
    const problems = run.problems.list.filter(({ rule }) => !stray || rule === 'pickle.computed-import')
    reportProblems(part, source, problems)
    if (!stray && (run.status === 'truncated' || run.status === 'broken')) reportBreak(part, source, run.end, run.status)
    reportImports(part, source, imports, stray ? isPlausible : undefined)
    names.push(...(stray ? imports.records.filter(isPlausible) : imports.records))
    nested.push(...run.nested)
    embedded.push(...run.embedded)
    if (run.status !== 'stopped') {
      if (stray) break
      end = source.size
      return found()
    }
    if (complete === 0) torchLegacy = run.result === TORCH_MAGIC && imports.records.length === 0
    complete++
    end = run.end
  }
  if (torchLegacy && complete >= LEGACY_PICKLES) end = stepOverStorages(part, source, end, storages)
  if (end < source.size) {
    const message = `${source.size - end} bytes follow the end of the pickle at byte ${part.base + end}, and are not a pickle`
    reportRest(part, source, end, 'pickle.trailing-data', message)
    // A pickle that begins right here has been followed already.
    searchPickles(source, end + 1, part)
  }
  return found()
}

function reportBreak(part: Part, source: ByteSource, at: number, status: 'truncated' | 'broken'): void {
  const what = status === 'truncated' ? 'the bytes end before the pickle does' : `at byte ${part.base + at - 1} stands no opcode`
  reportRest(part, source, status === 'broken' ? at - 1 : at, 'pickle.broken', `Not examined to its end: ${what}`)
}

/** Reports a rule for everything from an offset to the end. */
function reportRest(
  part: Part,
  source: ByteSource,
  offset: number,
  rule: 'pickle.broken' | 'pickle.trailing-data' | 'scan.limit',
  message: string,
): void {
  part.examination.report(rule, { message, part, offset, length: source.size - offset })
}

/** Steps over the storages of a PyTorch file of the old format; answers where they end. */
function stepOverStorages(part: Part, source: ByteSource, start: number, storages: Storages): number {
  const { end, contradiction } = walkStorages(source, start, storages)
  if (contradiction !== undefined) {
    part.examination.report('pickle.tensor-bounds', {
      message: `At byte ${part.base + end}, ${contradiction}`,
      part,
      offset: end,
    })
  }
  return end
}
