import { createRequire } from 'node:module'

/** The version of DuckDB's package, without loading DuckDB. */
export function duckdbVersion(): string {
  return (createRequire(import.meta.url)('@duckdb/node-api/package.json') as { version: string }).version
}
