/** Columns worked out once per row, which several conditions then share. */
export interface Projection {
  /** The name under which the value of this SQL stands. */
  share(sql: string): string
  /** The SQL behind a name that `share` gave. */
  behind(name: string): string | undefined
  /** The items of SELECT lists, one list over the other: a shared value may be made of others. */
  layers(): readonly (readonly string[])[]
}

/** Nothing is shared: inside a lambda over the items of a list there are no columns to keep things in. */
export const INLINE: Projection = { share: (sql) => `(${sql})`, layers: () => [], behind: () => undefined }

const SHARED = /\bs(\d+)\b/g

export function projection(): Projection {
  const names = new Map<string, string>()
  const layers: string[][] = []
  const layerOf: number[] = []
  return {
    share(sql) {
      const known = names.get(sql)
      if (known !== undefined) return known
      const name = `s${names.size}`
      const layer = Math.max(-1, ...[...sql.matchAll(SHARED)].map((match) => layerOf[Number(match[1])] ?? -1)) + 1
      layerOf.push(layer)
      names.set(sql, name)
      ;(layers[layer] ??= []).push(`${sql} AS ${name}`)
      return name
    },
    layers: () => layers,
    behind: (name) => [...names].find(([, given]) => given === name)?.[0],
  }
}
