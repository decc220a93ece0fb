import { formatCount, listed, percent } from '../../core/counts.ts'
import { suggest } from '../../core/suggest.ts'
import type { ColumnDemands, Demands } from './demands.ts'
import { formatBound } from './round.ts'

/** One difference between what a schema says and what newer data, or a newer schema, is like. */
export interface DataChange {
  readonly column: string
  readonly kind:
    | 'column-added'
    | 'column-removed'
    | 'column-renamed'
    | 'type-changed'
    | 'categories-added'
    | 'categories-vanished'
    | 'below-minimum'
    | 'above-maximum'
    | 'missing-appeared'
    | 'missing-increased'
    | 'format-lost'
    | 'key-lost'
    | 'mean-shifted'
  /** One sentence. */
  readonly message: string
  /** The schema would have to be changed for the new data to be admitted; else it is only worth knowing. */
  readonly needsChange: boolean
}

/** What data is like, or what a newer schema admits, in the terms of a schema. */
export interface ColumnFacts {
  readonly name: string
  readonly types: ReadonlySet<string> | undefined
  /** All values, when there are few; undefined when there are many, or none may be told. */
  readonly values: readonly unknown[] | undefined
  readonly min: number | undefined
  readonly max: number | undefined
  /** A share; undefined when nothing is known. */
  readonly missing: number | undefined
  readonly formats: ReadonlySet<string> | undefined
  readonly isUnique: boolean | undefined
  readonly mean: number | undefined
  /** Values must not be told. */
  readonly isSensitive: boolean
}

/** What a schema would need changed to admit newer data, and what else is worth knowing, in the schema's order. */
export function diffSchema(old: Demands, now: readonly ColumnFacts[]): DataChange[] {
  const byName = new Map(now.map((column) => [column.name, column]))
  const added = now.filter(({ name }) => !old.has(name))
  const renamed = pairRenamed(
    [...old.keys()].filter((name) => !byName.has(name)),
    added,
    old,
  )
  const changes = [...old].flatMap(([name, demands]): DataChange[] => {
    const same = byName.get(name)
    if (same) return columnChanges(demands, same)
    const other = renamed.get(name)
    if (!other) return [removed(name, demands)]
    const message = `is gone; "${other.name}" is new and looks like it`
    return [{ column: name, kind: 'column-renamed', message, needsChange: true }, ...columnChanges(demands, other)]
  })
  const newNames = new Set([...renamed.values()].map(({ name }) => name))
  const more = added
    .filter(({ name }) => !newNames.has(name))
    .map(({ name, types }): DataChange => {
      const message = `is new${types ? `, of type ${[...types].join(' or ')}` : ''}; the schema says nothing of it`
      return { column: name, kind: 'column-added', message, needsChange: true }
    })
  return [...changes, ...more]
}

function removed(column: string, { required }: ColumnDemands): DataChange {
  const message = required ? 'is gone, and required' : 'is gone; the schema does not require it'
  return { column, kind: 'column-removed', message, needsChange: required }
}

/** Columns that are gone, each with a new one of a similar name, or of the only one with the same few values. */
function pairRenamed(gone: readonly string[], added: readonly ColumnFacts[], old: Demands): Map<string, ColumnFacts> {
  const pairs = new Map<string, ColumnFacts>()
  const free = new Map(added.map((column) => [column.name, column]))
  for (const name of gone) {
    const values = key(old.get(name)!.values)
    const alike = values === undefined ? [] : [...free.values()].filter((column) => key(column.values) === values)
    const near = suggest(name, free.keys())
    const found =
      near !== undefined && sharesType(old.get(name)!, free.get(near)!)
        ? free.get(near)!
        : alike.length === 1
          ? alike[0]!
          : undefined
    if (!found) continue
    pairs.set(name, found)
    free.delete(found.name)
  }
  return pairs
}

const key = (values: readonly unknown[] | undefined): string | undefined =>
  values &&
  JSON.stringify(
    values
      .filter((value) => value !== null)
      .map(asText)
      .toSorted(),
  )

const sharesType = ({ types }: ColumnDemands, now: ColumnFacts): boolean =>
  !types || !now.types || [...now.types].some((type) => type !== 'null' && admitsType(types, type))

const admitsType = (types: ReadonlySet<string>, type: string): boolean =>
  types.has(type) || (type === 'integer' && types.has('number'))

/** A rule that some rows may break is not certain to need a change: whether too many do, validate-schema says. */
const KEYWORDS: Partial<Readonly<Record<DataChange['kind'], string>>> = {
  'type-changed': 'type',
  'categories-added': 'enum',
  'below-minimum': 'minimum',
  'above-maximum': 'maximum',
  'format-lost': 'format',
}

function columnChanges(demands: ColumnDemands, now: ColumnFacts): DataChange[] {
  return allChanges(demands, now).map((change) =>
    demands.allowed.has(KEYWORDS[change.kind] ?? '') ? { ...change, needsChange: false } : change,
  )
}

function allChanges(demands: ColumnDemands, now: ColumnFacts): DataChange[] {
  const type = typeChange(demands, now)
  // Of another type, values and bounds cannot be compared.
  const inside =
    type && !demands.allowed.has('type')
      ? []
      : [...valueChanges(demands, now), ...boundChanges(demands, now), ...formatChange(demands, now)]
  return [
    ...(type ? [type] : []),
    ...missingChange(demands, now),
    ...inside,
    ...keyChange(demands, now),
    ...meanChange(demands, now),
  ]
}

const change = (now: ColumnFacts, kind: DataChange['kind'], message: string, needsChange = true): DataChange => ({
  column: now.name,
  kind,
  message,
  needsChange,
})

function typeChange({ types }: ColumnDemands, now: ColumnFacts): DataChange | undefined {
  if (!types || !now.types) return undefined
  const unknown = [...now.types].filter((type) => type !== 'null' && !admitsType(types, type))
  if (unknown.length === 0) return undefined
  return change(now, 'type-changed', `was ${[...types].join(' or ')}, is ${[...now.types].join(' or ')}`)
}

function valueChanges({ values }: ColumnDemands, now: ColumnFacts): DataChange[] {
  if (!values) return []
  if (!now.values) {
    const why = now.isSensitive ? 'its values are sensitive and were not compared' : 'its values are too many to be listed'
    return [change(now, 'categories-added', why, !now.isSensitive)]
  }
  const known = new Set(values.map(asText))
  const found = new Set(now.values.map(asText))
  const fresh = now.values.filter((value) => value !== null && !known.has(asText(value))).map(quoted)
  const gone = values.filter((value) => value !== null && !found.has(asText(value))).map(quoted)
  return [
    ...(fresh.length > 0 ? [change(now, 'categories-added', `has new values: ${listed(fresh)}`)] : []),
    ...(gone.length > 0 ? [change(now, 'categories-vanished', `has no more: ${listed(gone)}`, false)] : []),
  ]
}

/** 1 and "1" are the same here: whether they differ is told by the type. */
const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
const quoted = (value: unknown): string => JSON.stringify(value)

function boundChanges({ minimum, maximum }: ColumnDemands, now: ColumnFacts): DataChange[] {
  const changes: DataChange[] = []
  if (minimum !== undefined && now.min !== undefined && now.min < minimum)
    changes.push(change(now, 'below-minimum', `goes down to ${formatBound(now.min)}, below the minimum ${formatBound(minimum)}`))
  if (maximum !== undefined && now.max !== undefined && now.max > maximum)
    changes.push(change(now, 'above-maximum', `goes up to ${formatBound(now.max)}, above the maximum ${formatBound(maximum)}`))
  return changes
}

function formatChange({ format }: ColumnDemands, now: ColumnFacts): DataChange[] {
  if (format === undefined || !now.formats || now.formats.has(format)) return []
  return [change(now, 'format-lost', `has values that are not written as ${format}`)]
}

function missingChange({ types, missing: most }: ColumnDemands, now: ColumnFacts): DataChange[] {
  if (!now.missing) return []
  if (types && !types.has('null'))
    return [change(now, 'missing-appeared', `has no value in ${percent(now.missing)} of the rows, and had one in all`)]
  if (most === undefined || now.missing <= most) return []
  return [
    change(now, 'missing-increased', `has no value in ${percent(now.missing)} of the rows; at most ${percent(most)} is allowed`),
  ]
}

function keyChange({ unique }: ColumnDemands, now: ColumnFacts): DataChange[] {
  return unique && now.isUnique === false ? [change(now, 'key-lost', 'has values that repeat, and had none')] : []
}

function meanChange({ mean }: ColumnDemands, now: ColumnFacts): DataChange[] {
  if (!mean || now.mean === undefined) return []
  const { min = -Infinity, max = Infinity } = mean
  if (now.mean >= min && now.mean <= max) return []
  return [
    change(now, 'mean-shifted', `has a mean of ${formatBound(now.mean)}, outside of ${formatBound(min)} to ${formatBound(max)}`),
  ]
}

/** `3 changes needed, 1 to know of`. */
export function diffSummary(changes: readonly DataChange[]): string {
  const needed = changes.filter(({ needsChange }) => needsChange).length
  const known = changes.length - needed
  if (needed === 0)
    return known === 0 ? 'nothing would need to change' : `nothing would need to change; ${formatCount(known)} to know of`
  return `${formatCount(needed)} to change${known === 0 ? '' : `, ${formatCount(known)} to know of`}`
}
