import { UserError } from '../core/errors.ts'
import { didYouMean } from '../core/suggest.ts'
import type { Cell, Column, Table } from '../core/table.ts'
import { spell } from '../model/labels.ts'
import type { SetLabels } from '../model/score-sets.ts'

/** The columns of labelled data that are not features, by the names that the parameters give them. */
export interface NamedColumns {
  /** One; several for a multilabel model. Found by itself when it is named label, target or y. */
  readonly label?: readonly string[] | undefined
  readonly weight?: string | undefined
  readonly cluster?: string | undefined
  readonly query?: string | undefined
  readonly id?: string | undefined
}

/** Labelled data, taken apart. */
export interface DataColumns {
  /** Several columns of 0 and 1 by the names of their classes for a multilabel model, else one. */
  readonly labels: SetLabels
  /** The names of the label columns. */
  readonly labelColumns: readonly string[]
  /** All columns but the labels. */
  readonly table: Table
  /** All columns but the labels, the weights, the clusters, the queries and the ids: what a model gets that takes whatever it is given. */
  readonly features: Table
  readonly weights?: Column
  readonly clusters?: Column
  readonly queries?: Column
  readonly ids?: Column
}

/** Columns that hold the label, when it is not said which one does. */
const LABEL_COLUMNS: readonly string[] = ['label', 'target', 'y']

const ROLES = { weight: 'weights', cluster: 'clusters', query: 'queries', id: 'ids' } as const
type Role = keyof typeof ROLES

/**
 * Takes labelled data apart.
 *
 * @param source the data as the user named them
 * @param multilabel one label column then holds the names of a row's classes, or 0 and 1 for a single class
 * @throws UserError E_COLUMN_MISSING for a name that the data lack; E_USAGE when the label is not clear, or has another role too
 */
export function takeApart(whole: Table, named: NamedColumns, source: string, multilabel: boolean): DataColumns {
  const labelColumns = labelsOf(whole, named.label, source)
  const without = (names: readonly string[]): Table => ({
    rowCount: whole.rowCount,
    columns: Object.fromEntries(Object.entries(whole.columns).filter(([name]) => !names.includes(name))),
  })
  const roles: Partial<Record<(typeof ROLES)[Role], Column>> = {}
  const roleColumns: string[] = []
  for (const role of Object.keys(ROLES) as Role[]) {
    const name = named[role]
    if (name === undefined) continue
    if (labelColumns.includes(name)) throw new UserError('E_USAGE', `"${name}" is named as the label and as the ${role}`)
    roles[ROLES[role]] = columnOf(whole, name, source, `the ${role}`)
    roleColumns.push(name)
  }
  const [first] = labelColumns.map((name) => whole.columns[name]!)
  const labels =
    labelColumns.length > 1 || (multilabel && first!.every(isIndicator))
      ? Object.fromEntries(labelColumns.map((name) => [name, whole.columns[name]!]))
      : first!
  return { labels, labelColumns, table: without(labelColumns), features: without([...labelColumns, ...roleColumns]), ...roles }
}

const isIndicator = (cell: Cell): boolean => /^(0|1|true|false)$/.test(spell(cell) ?? '')

function labelsOf(whole: Table, asked: readonly string[] | undefined, source: string): readonly string[] {
  if (asked !== undefined) {
    for (const name of asked) columnOf(whole, name, source, 'the label')
    const again = asked.find((name, i) => asked.indexOf(name) !== i)
    if (again !== undefined) throw new UserError('E_USAGE', `The label column "${again}" is named twice`)
    return asked
  }
  const names = Object.keys(whole.columns)
  const found = LABEL_COLUMNS.filter((name) => names.includes(name))
  if (found.length === 1) return found
  throw new UserError('E_USAGE', `Which column of ${source} is the label?`, {
    hint: `Give --label; the columns are ${names.join(', ')}.`,
  })
}

function columnOf({ columns }: Table, name: string, source: string, what: string): Column {
  if (Object.hasOwn(columns, name)) return columns[name]!
  throw new UserError('E_COLUMN_MISSING', `${source} has no column "${name}" for ${what}`, {
    hint: didYouMean(name, Object.keys(columns)),
  })
}
