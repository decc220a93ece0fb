import { lazyDuckdb, memoryLimit, type DataSource, type LazyDuckdb, type OpenOptions } from '../../drivers/duckdb.ts'
import type { Aggregate, FileFooter } from '../plan/aggregate.ts'
import { countBroken, type ByFooter } from '../plan/count-rows.ts'
import { brokenByFooter } from '../plan/footer-answers.ts'
import type { Unit } from '../plan/unit.ts'
import { compileSchema, type CompiledSchema, type Condition } from '../row-schema/compile.ts'
import type { RowSchema } from '../row-schema/schema.ts'
import { typesForText } from '../row-schema/text-types.ts'
import { openScan, type Scan } from '../scan/scan.ts'
import { openTableRules } from '../table-rules/open.ts'
import type { BoundRule, TableRule } from '../table-rules/rule.ts'
import { checkPatterns, type GoodPatterns } from './check-patterns.ts'
import { openDataSet } from './open-data-set.ts'

export interface OpenJudgingOptions {
  readonly cwd: string
  /** A file, a folder or a glob. */
  readonly data: string
  /** How the data is read. */
  readonly reading?: OpenOptions | undefined
  readonly schema: RowSchema
  /** Rules on columns as a whole and on the table. */
  readonly tableRules?: readonly TableRule[]
  /** Whether what Parquet footers say may answer; by default it may. */
  readonly footers?: boolean
  readonly signal?: AbortSignal | undefined
  /** Patterns that DuckDB is known to take. */
  readonly goodPatterns?: GoodPatterns
  /** Told now and then while a query runs. */
  readonly onProgress?: (progress: { readonly share: number; readonly rows: number }) => void
}

/** A row schema on a data set, compiled and ready to be asked. */
export interface Judging {
  readonly duckdb: LazyDuckdb
  readonly source: DataSource
  readonly units: readonly Unit[]
  readonly scan: Scan
  readonly compiled: CompiledSchema
  /** The count of rows that break each condition of `compiled.conditions`, in their order. */
  readonly counts: readonly Aggregate<number>[]
  /** The table rules on this data, each with the rows that break it where it names rows. */
  readonly bound: readonly BoundRule[]
  /** Table rules on columns that the data does not have. */
  readonly unbound: readonly TableRule[]
  close(): void
}

/**
 * Opens a data set and compiles a row schema for it. Nothing of the data is read but footers and headers, and DuckDB is only loaded
 * when it is needed.
 *
 * @throws UserError E_FILE_MISSING, E_FILE_FORMAT for the data; E_SCHEMA_KEYWORD for a pattern that RE2 cannot do
 */
export async function openJudging(options: OpenJudgingOptions): Promise<Judging> {
  const { cwd, data, schema, tableRules = [], footers = true, signal, onProgress } = options
  const duckdb = lazyDuckdb({ signal, memoryLimit: memoryLimit(), onProgress })
  try {
    await checkPatterns(duckdb, schema, options.goodPatterns)
    const { source, units } = await openDataSet(duckdb, { cwd, data, footers, signal, reading: options.reading })
    return await source.reading(async () => {
      const textTypes = (column: string) => typesForText(schema, column)
      const scan = openScan(source, textTypes)
      const compiled = compileSchema(schema, scan)
      const folded = foldedBy(schema, source, textTypes)
      const counts = compiled.conditions.map((condition, i) =>
        countBroken(condition, folded(scan, compiled.conditions.length, i)),
      )
      const table = await openTableRules(tableRules, { duckdb, source, signal })
      const bound = table.rules.map((rule) => rule.bind(scan))
      return { duckdb, source, units, scan, compiled, counts, bound, unbound: table.absent, close: () => duckdb.close() }
    })
  } catch (error) {
    duckdb.close()
    throw error
  }
}

/** Answers from footers: the schema is compiled once for each, with the conditions folded that the footer decides. */
function foldedBy(
  schema: RowSchema,
  source: DataSource,
  textTypes: Parameters<typeof openScan>[1],
): (whole: Scan, conditions: number, index: number) => ByFooter {
  const compiled = new Map<FileFooter, { scan: Scan; conditions: readonly Condition[] }>()
  const compile = (footer: FileFooter) => {
    const scan = openScan(source, textTypes, footer)
    const folded = { scan, conditions: compileSchema(schema, scan).conditions }
    compiled.set(footer, folded)
    return folded
  }
  return (whole, conditions, index) => {
    // The two lists stand side by side as long as folding drops no condition.
    const at = (footer: FileFooter) => {
      const folded = compiled.get(footer) ?? compile(footer)
      return folded.conditions.length === conditions ? { scan: folded.scan, condition: folded.conditions[index]! } : undefined
    }
    return {
      count(footer) {
        const folded = at(footer)
        return folded && brokenByFooter(folded.condition, folded.scan, footer)
      },
      folded(footer) {
        const folded = at(footer)
        // It is read from the table of the whole, in which the names must stand for the same.
        const same = folded && folded.scan.resolve(folded.condition.broken) === whole.resolve(folded.condition.broken)
        return same ? folded.condition.broken : undefined
      },
    }
  }
}
