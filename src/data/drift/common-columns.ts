import type { DriftFacts, Pair } from './facts.ts'
import type { CommonColumn, Side } from './side.ts'

export interface CompareOptions {
  readonly paths: Pair<string>
  readonly columns: readonly string[] | undefined
  readonly ignore: readonly string[]
}

/** The columns that both sides have and that are asked for, and the names of the others. */
export function commonColumns(
  sides: Pair<Side>,
  { columns: wanted, ignore }: CompareOptions,
): Pick<DriftFacts, 'onlyInReference' | 'onlyInCurrent' | 'ignored'> & { common: CommonColumn[] } {
  const isWanted = (name: string): boolean => !ignore.includes(name) && (wanted === undefined || wanted.includes(name))
  const currentByName = new Map(sides.current.columns.map((column) => [column.name, column]))
  const referenceNames = new Set(sides.reference.columns.map(({ name }) => name))
  const names = (list: Side['columns']): string[] => list.map(({ name }) => name)
  return {
    common: sides.reference.columns.flatMap((reference) => {
      const current = currentByName.get(reference.name)
      return current && isWanted(reference.name) ? [{ name: reference.name, kind: reference.kind, reference, current }] : []
    }),
    onlyInReference: names(sides.reference.columns).filter((name) => !currentByName.has(name) && isWanted(name)),
    onlyInCurrent: names(sides.current.columns).filter((name) => !referenceNames.has(name) && isWanted(name)),
    ignored: [...new Set([...referenceNames, ...currentByName.keys()])].filter((name) => !isWanted(name)),
  }
}
