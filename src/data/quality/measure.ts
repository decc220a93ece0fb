import { requireColumns, withOpenedData, type OpenedData, type OpenOptions } from '../../drivers/duckdb.ts'
import type { ColumnFacts, QualityFacts } from './facts.ts'
import { measureChancePairs } from './facts/chance-pairs.ts'
import { scanColumns } from './facts/columns.ts'
import { measureEqualRows, type EqualRowFacts } from './facts/equal-rows.ts'
import { findIdentifiers } from './facts/identifiers.ts'
import { measureKeys } from './facts/keys.ts'
import { measureLabelSignals } from './facts/label-signal.ts'
import { measureMissingPatterns } from './facts/missing-patterns.ts'
import { measureOutliers } from './facts/outliers.ts'
import { qualityData, type QualityData } from './facts/quality-data.ts'
import { measureShared } from './facts/shared-with-reference.ts'
import { lookAtTexts } from './facts/texts.ts'
import { countValues, dropValueCounts } from './facts/value-counts.ts'
import { findPersonalData } from './personal-data/find.ts'

export interface MeasureOptions {
  readonly cwd: string
  readonly data: string
  readonly label?: string | undefined
  /** Columns that do not count when rows are compared, such as a row id. */
  readonly ignore: readonly string[]
  /** More different labels than this are not classes. */
  readonly mostClasses: number
  /** Columns that together identify a row; none when empty. */
  readonly key?: readonly string[]
  /** Columns whose values are never shown. */
  readonly sensitive?: readonly string[]
  /** Data that this one must have nothing in common with, such as training data. */
  readonly reference?: string | undefined
  /** Interquartile ranges beyond the quartiles from which a value is an outlier. */
  readonly outlierReach?: number
  readonly now?: Date
  /** Told before each pass over the data. */
  readonly onPass?: ((what: string) => void) | undefined
  readonly signal?: AbortSignal | undefined
  /** How the data is read. */
  readonly reading?: OpenOptions | undefined
}

/**
 * Measures a data set: a scan for the types of text, one for all columns, one for the values of columns that have few, one for equal
 * rows, and one for each thing that only some data sets have (much text, missing values, a label, a key, a reference).
 *
 * @throws UserError E_FILE_MISSING, E_FILE_FORMAT, E_COLUMN_MISSING
 */
export async function measureQuality(options: MeasureOptions): Promise<QualityFacts> {
  return withOpenedData(options, (opened) => qualityOf(opened, options))
}

/** The same of data that is open. */
export async function qualityOf(opened: OpenedData, options: MeasureOptions): Promise<QualityFacts> {
  const { key = [], ignore, now = new Date(), label, reference: path } = options
  const data = qualityData(opened.duckdb, opened.data)
  requireNamedColumns(data, options)
  const other = opened.reference && qualityData(opened.duckdb, opened.reference)
  return data.source.reading(async () => {
    const { rows, facts, scans, identifiers } = await measureOne(data, options)
    const about = { path: data.source.path, digest: await data.source.digest() }
    const left = label === undefined ? ignore : [...ignore, label]
    await dropValueCounts(opened.duckdb)
    options.onPass?.('what it shares with the reference')
    const shared =
      other === undefined || path === undefined || rows === 0
        ? null
        : await other.source.reading(() => measureShared(data, scans, identifiers, other, { key, ignore: left, now, path }))
    await dropValueCounts(opened.duckdb)
    return { data: about, ...facts, reference: shared }
  })
}

function requireNamedColumns({ columns }: QualityData, { data, label, ignore, key = [], sensitive = [] }: MeasureOptions): void {
  requireColumns(
    data,
    [...(label === undefined ? [] : [label]), ...ignore, ...key, ...sensitive],
    columns.map(({ name }) => name),
  )
}

async function measureOne(data: QualityData, options: MeasureOptions) {
  const { label, ignore, mostClasses, key = [], sensitive = [], outlierReach = 3, now = new Date() } = options
  const { onPass = () => {} } = options
  onPass('counts, bounds and quantiles')
  const { rows, emptyRows, columns: scans } = await scanColumns(data, ignore, now)
  onPass('values of columns with few')
  const counted = await countValues(data, scans)
  onPass('how text is written')
  const texts = await lookAtTexts(data, counted)
  onPass('personal data')
  const personal = await findPersonalData(data, scans, counted)
  const identifiers = findIdentifiers(data, scans, counted)
  const masked = new Set([...sensitive, ...[...personal.keys()].map((i) => data.columns[i]!.name)])

  onPass('equal rows')
  const equal = await measureEqualRows(data, { label, ignore, mostClasses })
  onPass('missing values')
  const missingPatterns = await measureMissingPatterns(data, rows, scans, label)
  const identifying = new Set([...identifiers.map(({ column }) => column), ...key, ...(label === undefined ? [] : [label])])
  onPass('outliers')
  const outliers = await measureOutliers(data, scans, identifying, outlierReach)
  onPass('features that give the label away')
  const labelSignals =
    label === undefined || rows === 0 ? null : await measureLabelSignals(data, scans, counted, { label, ignore, mostClasses })
  const columns = data.columns.map(({ name, type, kind }, i): ColumnFacts => {
    const scan = scans[i]!
    const identifier = identifiers.find(({ column }) => column === name)
    const text = texts.get(i)
    const { numbers, times, lengths } = scan
    return {
      name,
      type,
      kind,
      missing: rows - scan.present,
      distinct: counted.get(i)?.distinct ?? scan.distinct,
      distinctIsEstimate: !counted.has(i),
      onlyValue: scan.onlyValue,
      top: counted.get(i)?.top ?? null,
      ...(numbers && { numbers }),
      ...(times && { times }),
      ...(lengths && { lengths }),
      ...(text && { text }),
      ...(identifier && { identifier }),
      personalData: personal.get(i) ?? [],
      isMasked: masked.has(name),
    }
  })
  onPass('keys')
  const isLabelMasked = label !== undefined && masked.has(label)
  const facts = {
    rows,
    columns,
    emptyRows,
    ...(isLabelMasked ? withoutLabels(equal) : equal),
    chancePairs: await measureChancePairs(data, rows, scans, counted, { label, ignore }),
    missingPatterns: isLabelMasked && missingPatterns ? { ...missingPatterns, byLabel: [] } : missingPatterns,
    keys: await measureKeys(data, identifiers, { key, label }),
    outliers,
    labelSignals,
  } satisfies Omit<QualityFacts, 'reference' | 'data'>
  return { rows, facts, scans, identifiers }
}

/** The labels of a sensitive column by their rank. */
function withoutLabels(equal: EqualRowFacts): EqualRowFacts {
  const { label } = equal
  if (!label) return equal
  return { ...equal, label: { ...label, classes: label.classes.map(({ rows }, i) => ({ label: `class ${i + 1}`, rows })) } }
}
