import type { Duckdb } from '../../drivers/duckdb.ts'

/** Functions whose answer depends on more than their arguments, though DuckDB calls them consistent. */
const REACHES_OUT = /^(getvariable|getenv|current_|json_(de)?serialize|txid_|in_search_path|parse_duckdb_log|version$|__internal)/
/** Macros of DuckDB that stand for expressions of their arguments alone. */
const PURE_MACROS =
  /^(nullif|split_part|date_add|days_in_month|fdiv|fmod|round_even|roundbankers|json|map_contains_(entry|value)|list_(append|prepend|reverse|sum|avg|min|max|count|first|last|median|any_value|bool_and|bool_or)|array_(append|prepend|reverse|to_string))$/

export type FunctionKind = 'allowed' | 'aggregate' | 'table' | 'changing' | 'forbidden' | 'unknown'

export interface Functions {
  kindOf(name: string): FunctionKind
  readonly allowed: readonly string[]
}

/** The list is long and stays as it is, so each database is asked once. */
const asked = new WeakMap<Duckdb, Promise<Functions>>()

/** What kind of function each name is for a predicate, which may use what depends on the row alone. */
export function functionsOf(duckdb: Duckdb): Promise<Functions> {
  const functions = asked.get(duckdb) ?? askFunctions(duckdb)
  asked.set(duckdb, functions)
  return functions
}

async function askFunctions(duckdb: Duckdb): Promise<Functions> {
  const rows = await duckdb.query<{ name: string; types: string; stability: string }>(
    `SELECT lower(function_name) AS name, string_agg(DISTINCT function_type, ',') AS types,
       coalesce(string_agg(DISTINCT stability, ','), '') AS stability
     FROM duckdb_functions() GROUP BY ALL`,
  )
  const known = new Map(rows.map((row) => [row.name, kindFrom(row)]))
  return {
    kindOf: (name) => known.get(name.toLowerCase()) ?? 'unknown',
    allowed: [...known].filter(([name, kind]) => kind === 'allowed' && /^[a-z]/.test(name)).map(([name]) => name),
  }
}

function kindFrom({ name, types, stability }: { name: string; types: string; stability: string }): FunctionKind {
  const has = (type: string): boolean => types.split(',').includes(type)
  if (has('aggregate')) return 'aggregate'
  if (has('macro')) return PURE_MACROS.test(name) ? 'allowed' : 'forbidden'
  if (!has('scalar')) return has('table') || has('table_macro') ? 'table' : 'forbidden'
  if (REACHES_OUT.test(name)) return 'forbidden'
  return stability === 'CONSISTENT' ? 'allowed' : 'changing'
}
