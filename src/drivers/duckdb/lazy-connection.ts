import { openDuckdb, type Duckdb, type DuckdbOptions } from './connection.ts'

/** A DuckDB that is loaded and opened when the first query comes. */
export interface LazyDuckdb extends Duckdb {
  isOpen(): boolean
}

/** Makes what needs no query cost nothing: loading DuckDB takes longer than reading the footers of a thousand files. */
export function lazyDuckdb(options: DuckdbOptions = {}): LazyDuckdb {
  let opening: Promise<Duckdb> | undefined
  let opened: Duckdb | undefined
  const open = async (): Promise<Duckdb> => {
    opened = await (opening ??= openDuckdb(options))
    return opened
  }
  return {
    query: async (sql) => (await open()).query(sql),
    table: async (sql) => (await open()).table(sql),
    run: async (sql) => (await open()).run(sql),
    load: async (name, table) => (await open()).load(name, table),
    isOpen: () => opened !== undefined,
    close: () => opened?.close(),
  }
}
