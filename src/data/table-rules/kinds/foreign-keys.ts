import { z } from 'zod'
import { formatCount } from '../../../core/counts.ts'
import { formatLocation, UserError } from '../../../core/errors.ts'
import { didYouMean } from '../../../core/suggest.ts'
import { identifier, openData, type DataSource } from '../../../drivers/duckdb.ts'
import { digestPath } from '../../../drivers/files.ts'
import type { Aggregate } from '../../plan/aggregate.ts'
import { openScan, type Scan } from '../../scan/scan.ts'
import { aggregateId } from '../aggregates/count-where.ts'
import { allPresent, keyItems, keyNames } from '../aggregates/keys.ts'
import { columnNames, fields, mostly, severity } from '../fields.ts'
import { joinKeys } from '../join-key.ts'
import { namedAt, tableRuleKind, type RuleSite } from '../kind.ts'
import { rowValue } from '../row-value.ts'
import type { RuleDoor, TableRule } from '../rule.ts'
import { rowsVerdict } from '../rows-verdict.ts'

const references = fields({
  file: z.string('it must be the path of a data file').min(1, 'it must be the path of a data file'),
  columns: columnNames,
})
const foreignKey = fields({ columns: columnNames, references, mostly, severity }).refine(
  ({ columns, references }) => columns.length === references.columns.length,
  { message: 'it must have as many columns as "columns" of the rule', path: ['references', 'columns'] },
)
const value = z.array(foreignKey, 'it must be a list of objects with columns and references').min(1, 'it must hold a foreign key')
type ForeignKey = z.output<typeof foreignKey>

export const foreignKeys = tableRuleKind<readonly ForeignKey[]>({
  kind: 'foreignKeys',
  where: 'row',
  summary: 'The values of some columns are found in another data file; rows that lack one of them refer to nothing.',
  example: '"foreignKeys": [{ "columns": ["customer"], "references": { "file": "customers.csv", "columns": ["id"] } }]',
  value,
  columns: (value) => value.flatMap(({ columns }, i) => namedAt(columns, i, 'columns')),
  rules: (value, site) => value.map((key, i) => foreignKeyRule(key, i, site)),
})

function foreignKeyRule(key: ForeignKey, i: number, site: RuleSite): TableRule {
  const { columns, references, mostly = 1, severity = site.severity } = key
  const phrase = `(${columns.join(', ')}) in (${references.columns.join(', ')}) of ${references.file}`
  const unopened: TableRule = {
    kind: site.kind,
    columns,
    ...site.at([i]),
    severity,
    phrase,
    bind() {
      throw new Error('a foreign key is opened before it is bound')
    },
    async open(door) {
      const reference = await openReference(key, i, door, site)
      const rule: TableRule = {
        ...unopened,
        bind(scan) {
          const aggregate = orphans(scan, columns, reference)
          return {
            rule,
            aggregates: [aggregate],
            judge(states) {
              const { complete, orphans } = states.of(aggregate)
              const none = `no row has a value in ${columns.join(', ')}`
              return rowsVerdict({ phrase, broken: orphans, rows: complete, mostly, none, notes: reference.notes })
            },
            rows: { query: orphanRows(scan, columns, reference) },
          }
        },
      }
      return rule
    },
  }
  return unopened
}

/** The keys of the other file, each once, in a table of the database that the judging uses. */
interface Reference {
  readonly table: string
  readonly digest: string
  /** SQL of the keys of the data, in the form that the table has them. */
  keys(scan: Scan): readonly string[]
  readonly notes: readonly string[]
}

async function openReference(
  { columns, references }: ForeignKey,
  i: number,
  { duckdb, source, signal }: RuleDoor,
  site: RuleSite,
): Promise<Reference> {
  const { file, columns: names } = references
  const { pointer } = site.at([i])
  const other = await openOther(file, site.at([i, 'references', 'file']), { duckdb, source, signal })
  const known = other.columns.map((column) => column.name)
  for (const [at, name] of names.entries()) {
    if (other.format === 'json' || known.includes(name)) continue
    const { pointer, location } = site.at([i, 'references', 'columns', at])
    throw new UserError('E_COLUMN_MISSING', `${formatLocation(location)}: ${file} has no column "${name}" (${pointer})`, {
      hint: didYouMean(name, known),
      location,
    })
  }
  return other.reading(async () => {
    // Text reads as what the referring column holds: the two have to mean the same.
    const otherTypes = (name: string) => site.types(columns[names.indexOf(name)] ?? name)
    const otherScan = openScan(other, otherTypes)
    const pairs = (scan: Scan) =>
      columns.map((column, i) =>
        joinKeys([scan.source, column, scan.cell(column)!], [other, names[i]!, otherScan.cell(names[i]!)!]),
      )
    const otherKeys = pairs(openScan(source, site.types)).map(([, theirs]) => theirs)
    const table = identifier(`references of ${pointer}`)
    await duckdb.run(
      `CREATE OR REPLACE TABLE ${table} AS SELECT ${keyNames(otherKeys, 'r')}, count(*) AS n
       FROM (SELECT ${keyItems(otherKeys, 'r')} FROM ${otherScan.table()}) WHERE ${allPresent(otherKeys, 'r')} GROUP BY ALL`,
    )
    const [counts] = await duckdb.query<{ repeated: number }>(`SELECT coalesce(sum(n - 1), 0)::BIGINT AS repeated FROM ${table}`)
    const repeated = counts!.repeated
    const rows = repeated === 1 ? '1 row repeats' : `${formatCount(repeated)} rows repeat`
    return {
      table,
      digest: await digestPath(source.cwd, file),
      keys: (scan) => pairs(scan).map(([ours]) => ours),
      notes: repeated === 0 ? [] : [`Note: in ${file} ${rows} the (${names.join(', ')}) of another.`],
    }
  })
}

async function openOther(
  file: string,
  { pointer, location }: ReturnType<RuleSite['at']>,
  { duckdb, source, signal }: RuleDoor,
): Promise<DataSource> {
  try {
    return await openData(duckdb, source.cwd, file, { documents: true, signal })
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'E_FILE_MISSING') throw error
    throw new UserError('E_FILE_MISSING', `${formatLocation(location)}: ${error.message}, which ${pointer} refers to`, {
      hint: error.hint ?? 'The path is relative to the project folder.',
      location,
      cause: error,
    })
  }
}

interface Orphans {
  /** Rows with a value in every column of the key. */
  readonly complete: number
  /** Those of them that the other file does not have. */
  readonly orphans: number
}

function orphans(scan: Scan, columns: readonly string[], reference: Reference): Aggregate<Orphans> {
  const keys = reference.keys(scan)
  const on = keys.map((_key, i) => `k${i} = r${i}`).join(' AND ')
  return {
    id: aggregateId('orphans', columns, [reference.table, reference.digest]),
    columns,
    how: {
      query: (table) => `SELECT CAST(to_json({complete: count(*), orphans: count_if(r0 IS NULL)}) AS VARCHAR)
        FROM (SELECT * FROM (SELECT ${keyItems(keys)} FROM ${table}) WHERE ${allPresent(keys)}) LEFT JOIN ${reference.table} ON ${on}`,
      numbered: false,
    },
    read: (value) => JSON.parse(String(value)) as Orphans,
    merge: (a, b) => ({ complete: a.complete + b.complete, orphans: a.orphans + b.orphans }),
  }
}

function orphanRows(scan: Scan, columns: readonly string[], reference: Reference): (table: string) => string {
  const keys = reference.keys(scan)
  const on = keys.map((_key, i) => `k${i} = r${i}`).join(' AND ')
  const value = rowValue(scan, columns)
  return (table) => `SELECT __file, __row, value FROM (SELECT __file, __row, ${value} AS value, ${keyItems(keys)} FROM ${table})
    ANTI JOIN ${reference.table} ON ${on} WHERE ${allPresent(keys)}`
}
