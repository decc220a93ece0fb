/** Columns worked out once per row, which several conditions then share. */
export interface Projection {
  /** The name under which the value of this SQL stands. */
  share(sql: string): string
  /** The items of a SELECT list. */
  items(): readonly string[]
  /** The SQL behind a name that `share` gave. */
  behind(name: string): string | undefined
}

export function projection(): Projection {
  const names = new Map<string, string>()
  return {
    share(sql) {
      const name = names.get(sql) ?? `s${names.size}`
      names.set(sql, name)
      return name
    },
    items: () => [...names].map(([sql, name]) => `${sql} AS ${name}`),
    behind: (name) => [...names].find(([, given]) => given === name)?.[0],
  }
}
