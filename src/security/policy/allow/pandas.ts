import type { AllowGroup } from '../allow-group.ts'
import { firstIsAllowedClass } from '../conditions.ts'
import { nameTable } from '../name-table.ts'

/** What pickles of pandas 1.5 and 3.1 were seen to import, and the same names in the releases between. */
const NAMES = nameTable(`
pandas: BooleanDtype Categorical CategoricalDtype DataFrame DatetimeIndex DatetimeTZDtype Float32Dtype Float64Dtype Index
    Int16Dtype Int32Dtype Int64Dtype Int8Dtype Interval IntervalDtype IntervalIndex MultiIndex NA NaT Period PeriodDtype
    PeriodIndex RangeIndex Series SparseDtype StringDtype Timedelta TimedeltaIndex Timestamp UInt16Dtype UInt32Dtype UInt64Dtype
    UInt8Dtype
pandas._libs.arrays: __pyx_unpickle_NDArrayBacked
pandas._libs.internals: BlockPlacement _unpickle_block
pandas._libs.interval: Interval
pandas._libs.missing: NA NAType
pandas._libs.sparse: BlockIndex IntIndex
pandas._libs.tslibs.nattype: __nat_unpickle _nat_unpickle
pandas._libs.tslibs.offsets: ApplyTypeError BDay BHalfYearBegin BHalfYearEnd BMonthBegin BMonthEnd BQuarterBegin BQuarterEnd
    BYearBegin BYearEnd BusinessDay BusinessHour BusinessMonthBegin BusinessMonthEnd CBMonthBegin CBMonthEnd CDay
    CustomBusinessDay CustomBusinessHour CustomBusinessMonthBegin CustomBusinessMonthEnd Day Easter FY5253 FY5253Quarter
    HalfYearBegin HalfYearEnd Hour LastWeekOfMonth Micro Milli Minute MonthBegin MonthEnd Nano QuarterBegin QuarterEnd Second
    SemiMonthBegin SemiMonthEnd Week WeekOfMonth YearBegin YearEnd
pandas._libs.tslibs.period: Period
pandas._libs.tslibs.timedeltas: Timedelta _timedelta_unpickle
pandas._libs.tslibs.timestamps: Timestamp _unpickle_timestamp
pandas.arrays: BooleanArray DatetimeArray FloatingArray IntegerArray IntervalArray NumpyExtensionArray PeriodArray SparseArray
    StringArray TimedeltaArray
pandas.core.arrays.boolean: BooleanArray BooleanDtype
pandas.core.arrays.categorical: Categorical
pandas.core.arrays.datetimes: DatetimeArray
pandas.core.arrays.floating: Float32Dtype Float64Dtype FloatingArray
pandas.core.arrays.integer: Int16Dtype Int32Dtype Int64Dtype Int8Dtype IntegerArray UInt16Dtype UInt32Dtype UInt64Dtype
    UInt8Dtype
pandas.core.arrays.interval: IntervalArray
pandas.core.arrays.numpy_: NumpyExtensionArray PandasArray
pandas.core.arrays.period: PeriodArray
pandas.core.arrays.sparse.array: SparseArray
pandas.core.arrays.sparse.dtype: SparseDtype
pandas.core.arrays.string_: StringArray StringDtype
pandas.core.arrays.timedeltas: TimedeltaArray
pandas.core.dtypes.dtypes: CategoricalDtype DatetimeTZDtype IntervalDtype PeriodDtype SparseDtype
pandas.core.frame: DataFrame
pandas.core.indexes.base: Index _new_Index
pandas.core.indexes.category: CategoricalIndex
pandas.core.indexes.datetimes: DatetimeIndex _new_DatetimeIndex
pandas.core.indexes.frozen: FrozenList
pandas.core.indexes.interval: IntervalIndex _new_IntervalIndex
pandas.core.indexes.multi: MultiIndex
pandas.core.indexes.numeric: Float64Index Int64Index UInt64Index
pandas.core.indexes.period: PeriodIndex _new_PeriodIndex
pandas.core.indexes.range: RangeIndex
pandas.core.indexes.timedeltas: TimedeltaIndex _new_TimedeltaIndex
pandas.core.internals.blocks: NumericBlock ObjectBlock new_block
pandas.core.internals.managers: BlockManager SingleBlockManager
pandas.core.series: Series
`)

export const pandas: readonly AllowGroup[] = [
  {
    framework: 'pandas',
    reason: 'a table, a column, an index or a type of one: restoring it copies values',
    names: NAMES,
    conditions: {
      'pandas._libs.arrays __pyx_unpickle_NDArrayBacked': firstIsAllowedClass,
      'pandas.core.indexes.base _new_Index': firstIsAllowedClass,
      'pandas.core.indexes.datetimes _new_DatetimeIndex': firstIsAllowedClass,
      'pandas.core.indexes.interval _new_IntervalIndex': firstIsAllowedClass,
      'pandas.core.indexes.period _new_PeriodIndex': firstIsAllowedClass,
      'pandas.core.indexes.timedeltas _new_TimedeltaIndex': firstIsAllowedClass,
    },
  },
]
