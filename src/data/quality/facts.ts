import type { ColumnKind } from '../../core/column-profile.ts'
import type { Digest } from '../../core/digest.ts'
import type { RowPlace } from '../../drivers/duckdb.ts'
import type { ChancePairs } from './facts/chance-pairs.ts'
import type { IdentifierFacts } from './facts/identifiers.ts'
import type { KeyFacts } from './facts/keys.ts'
import type { LabelSignals } from './facts/label-signal.ts'
import type { MissingPatterns } from './facts/missing-patterns.ts'
import type { NumberFacts } from './facts/numbers.ts'
import type { OutlierFacts } from './facts/outliers.ts'
import type { ReferenceFacts } from './facts/shared-with-reference.ts'
import type { TextFacts } from './facts/texts.ts'
import type { TimeFacts } from './facts/times.ts'
import type { PersonalDataFacts } from './personal-data/find.ts'

export interface ColumnFacts {
  readonly name: string
  /** DuckDB's type, or the type that the text of a CSV column reads as. */
  readonly type: string
  readonly kind: ColumnKind
  /** Rows without a value: null, an empty CSV field, NaN. */
  readonly missing: number
  /** Different values; an estimate, of about 2 % standard error, where there are many. */
  readonly distinct: number
  readonly distinctIsEstimate: boolean
  /** The only value that the present ones have, as text; null when there are several, or none. */
  readonly onlyValue: string | null
  /** The most frequent values, where there are few enough to be counted. */
  readonly top: readonly { readonly value: string; readonly rows: number }[] | null
  readonly numbers?: NumberFacts
  readonly times?: TimeFacts
  readonly lengths?: { readonly min: number; readonly max: number }
  readonly text?: TextFacts
  readonly identifier?: IdentifierFacts
  readonly personalData: readonly PersonalDataFacts[]
  /** Named under `--sensitive`, or found to hold personal data: no value is shown as it is. */
  readonly isMasked: boolean
}

/** Rows that agree in what they were grouped by. */
export interface RowGroup {
  readonly rows: number
  /** The first of them. */
  readonly places: readonly RowPlace[]
}

export interface LabelFacts {
  readonly column: string
  /** Rows by label, most frequent first; at most `mostClasses` + 1 of them. */
  readonly classes: readonly { readonly label: string; readonly rows: number }[]
  /** Rows whose features occur with another label too. */
  readonly conflictingRows: number
  readonly conflicts: readonly RowGroup[]
  /** Rows that every model gets wrong, seeing only the features: of equal rows, those without the most frequent label. */
  readonly outvoted: number
}

/** What a data set is like, measured over all its rows. */
export interface QualityFacts {
  /** What was measured, without what is secret in an address. */
  readonly data: { readonly path: string; readonly digest: Digest }
  readonly rows: number
  readonly columns: readonly ColumnFacts[]
  /** Rows without any value, leaving aside the columns that are ignored. */
  readonly emptyRows: number
  /** Rows that repeat an earlier row. */
  readonly duplicateRows: number
  readonly duplicates: readonly RowGroup[]
  /** Pairs of rows that are equal in every column, and in every column but the label; and how many chance would make. */
  readonly equalPairs: number
  readonly equalFeaturePairs: number
  readonly chancePairs: ChancePairs
  readonly label: LabelFacts | null
  /** Null when no column lacks only some of its values. */
  readonly missingPatterns: MissingPatterns | null
  readonly keys: readonly KeyFacts[]
  readonly outliers: readonly OutlierFacts[]
  /** Null without a label. */
  readonly labelSignals: LabelSignals | null
  /** Null without a reference. */
  readonly reference: ReferenceFacts | null
}
