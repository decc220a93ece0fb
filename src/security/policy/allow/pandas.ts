// Written by scripts/allow-list/generate.mjs from what the serialisers were recorded to write. Do not edit it by hand.
import type { AllowList } from '../allow-group.ts'
import { nameTable } from '../name-table.ts'

export const pandas: AllowList = {
  framework: 'pandas',
  versions: ['pandas 1.5.3', 'pandas 2.0.3', 'pandas 2.1.4', 'pandas 2.2.3', 'pandas 2.3.3', 'pandas 3.1.1', 'python-dateutil 2.8.2', 'python-dateutil 2.9.0.post0', 'python-dateutil 4.0.0', 'pytz 2022.7.1', 'pytz 2026.6'],
  groups: [
    {
      condition: 'anyCall',
      reason: 'a block of columns, from its array',
      names: nameTable(`
pandas._libs.internals: _unpickle_block
pandas.core.internals.blocks: new_block
`),
    },
    {
      condition: 'anyCall',
      reason: 'a duration',
      names: nameTable(`
pandas._libs.tslibs.timedeltas: _timedelta_unpickle
`),
    },
    {
      condition: 'anyCall',
      reason: 'a moment',
      names: nameTable(`
pandas._libs.tslibs.timestamps: _unpickle_timestamp
`),
    },
    {
      condition: 'anyCall',
      reason: 'a span of time',
      names: nameTable(`
pandas: Period
pandas._libs.tslibs.period: Period
`),
    },
    {
      condition: 'anyCall',
      reason: 'a step between dates',
      names: nameTable(`
pandas: DateOffset
`),
    },
    {
      condition: 'anyCall',
      reason: 'a step between dates, from numbers and the names of weekdays',
      names: nameTable(`
pandas._libs.tslibs.offsets: BDay BHalfYearBegin BHalfYearEnd BMonthBegin BMonthEnd BQuarterBegin BQuarterEnd BYearBegin
    BYearEnd BusinessDay BusinessHour BusinessMonthBegin BusinessMonthEnd CBMonthBegin CBMonthEnd CDay CustomBusinessDay
    CustomBusinessHour CustomBusinessMonthBegin CustomBusinessMonthEnd Day Easter FY5253 FY5253Quarter HalfYearBegin
    HalfYearEnd Hour LastWeekOfMonth Micro Milli Minute MonthBegin MonthEnd Nano QuarterBegin QuarterEnd Second SemiMonthBegin
    SemiMonthEnd Tick Week WeekOfMonth YearBegin YearEnd
`),
    },
    {
      condition: 'anyCall',
      reason: 'a time zone by its name, of those that pytz knows',
      names: nameTable(`
pytz: _p
`),
    },
    {
      condition: 'anyCall',
      reason: 'a time zone of a fixed offset',
      names: nameTable(`
pytz: FixedOffset _FixedOffset
`),
    },
    {
      condition: 'anyCall',
      reason: 'an interval',
      names: nameTable(`
pandas: Interval
pandas._libs.interval: Interval
`),
    },
    {
      condition: 'anyCall',
      reason: 'the blocks of a table',
      names: nameTable(`
pandas.core.internals.managers: BlockManager
`),
    },
    {
      condition: 'anyCall',
      reason: 'the missing date',
      names: nameTable(`
pandas._libs.tslibs.nattype: __nat_unpickle _nat_unpickle
`),
    },
    {
      condition: 'anyCall',
      reason: 'the time zone UTC',
      names: nameTable(`
pytz: _UTC
`),
    },
    {
      condition: 'anyCall',
      reason: 'the time zone UTC, or that of the machine',
      names: nameTable(`
dateutil.tz.tz: tzlocal tzutc
`),
    },
    {
      condition: 'anyCall',
      reason: 'the type of spans of time',
      names: nameTable(`
pandas: PeriodDtype
pandas.core.dtypes.dtypes: PeriodDtype
`),
    },
    {
      condition: 'anyCall',
      reason: 'the type of texts',
      names: nameTable(`
pandas: StringDtype
pandas.core.arrays.string_: StringDtype
`),
    },
    {
      condition: 'dataArguments',
      reason: 'the places of a sparse column',
      names: nameTable(`
pandas._libs.sparse: BlockIndex IntIndex
`),
    },
    {
      condition: 'firstIsAllowedClass',
      reason: 'restores an object of compiled code; it makes one of the class that it is given and copies its state',
      names: nameTable(`
pandas._libs.arrays: __pyx_unpickle_NDArrayBacked
pandas._libs.interval: __pyx_unpickle_IntervalMixin
`),
    },
    {
      condition: 'firstIsPandasClass',
      reason: 'an index; it makes one of the class that it is given, from a dict of arguments',
      names: nameTable(`
pandas.core.indexes.base: _new_Index
pandas.core.indexes.datetimes: _new_DatetimeIndex
pandas.core.indexes.interval: _new_IntervalIndex
pandas.core.indexes.period: _new_PeriodIndex
pandas.core.indexes.timedeltas: _new_TimedeltaIndex
`),
    },
    {
      condition: 'looksUpMember',
      reason: 'a member of an enumeration',
      names: nameTable(`
pandas._libs.lib: _NoDefault
`),
    },
    {
      condition: 'neverCalled',
      reason: 'a class or a function on tables that models refer to',
      names: nameTable(`
pandas: Categorical CategoricalIndex DatetimeIndex Flags Index IntervalIndex MultiIndex NA PeriodIndex RangeIndex
    TimedeltaIndex concat cut factorize get_dummies isna notna qcut to_datetime to_numeric
pandas._libs.missing: NA
pandas._libs.tslibs.offsets: ApplyTypeError
pandas.arrays: DatetimeArray IntervalArray NumpyExtensionArray PeriodArray StringArray TimedeltaArray
pandas.core.algorithms: factorize
pandas.core.arrays.categorical: Categorical
pandas.core.arrays.datetimes: DatetimeArray
pandas.core.arrays.interval: IntervalArray
pandas.core.arrays.numpy_: NumpyExtensionArray PandasArray
pandas.core.arrays.period: PeriodArray
pandas.core.arrays.string_: StringArray
pandas.core.arrays.timedeltas: TimedeltaArray
pandas.core.dtypes.missing: isna notna
pandas.core.flags: Flags
pandas.core.indexes.base: Index
pandas.core.indexes.category: CategoricalIndex
pandas.core.indexes.datetimes: DatetimeIndex
pandas.core.indexes.interval: IntervalIndex
pandas.core.indexes.multi: MultiIndex
pandas.core.indexes.numeric: Float64Index Int64Index UInt64Index
pandas.core.indexes.period: PeriodIndex
pandas.core.indexes.range: RangeIndex
pandas.core.indexes.timedeltas: TimedeltaIndex
pandas.core.reshape.concat: concat
pandas.core.reshape.encoding: get_dummies
pandas.core.reshape.tile: cut qcut
pandas.core.tools.datetimes: to_datetime
pandas.core.tools.numeric: to_numeric
`),
    },
    {
      condition: 'newFromData',
      reason: 'the name of a column and of an aggregate',
      names: nameTable(`
pandas.core.groupby.generic: NamedAgg
`),
    },
    {
      condition: 'withoutConstructor',
      reason: 'a table, a column, an index or a type of one: restoring it copies values',
      names: nameTable(`
dateutil.relativedelta: relativedelta
pandas: BooleanDtype CategoricalDtype DataFrame DatetimeTZDtype Float32Dtype Float64Dtype Grouper Int16Dtype Int32Dtype
    Int64Dtype Int8Dtype IntervalDtype NaT NamedAgg Series SparseDtype Timedelta Timestamp UInt16Dtype UInt32Dtype UInt64Dtype
    UInt8Dtype
pandas._libs.internals: BlockPlacement
pandas._libs.missing: NAType
pandas._libs.tslibs.offsets: BaseOffset DateOffset
pandas._libs.tslibs.timedeltas: Timedelta
pandas._libs.tslibs.timestamps: Timestamp
pandas.api.typing: DataFrameGroupBy ExponentialMovingWindow Rolling
pandas.arrays: BooleanArray FloatingArray IntegerArray SparseArray
pandas.core.arrays.boolean: BooleanArray BooleanDtype
pandas.core.arrays.floating: Float32Dtype Float64Dtype FloatingArray
pandas.core.arrays.integer: Int16Dtype Int32Dtype Int64Dtype Int8Dtype IntegerArray UInt16Dtype UInt32Dtype UInt64Dtype
    UInt8Dtype
pandas.core.arrays.sparse.array: SparseArray
pandas.core.arrays.sparse.dtype: SparseDtype
pandas.core.dtypes.dtypes: CategoricalDtype DatetimeTZDtype IntervalDtype NumpyEADtype PandasDtype SparseDtype
pandas.core.frame: DataFrame
pandas.core.groupby.generic: DataFrameGroupBy
pandas.core.groupby.grouper: Grouper Grouping
pandas.core.groupby.ops: BaseGrouper
pandas.core.indexes.accessors: DatetimeProperties
pandas.core.indexes.frozen: FrozenList
pandas.core.internals.blocks: NumericBlock ObjectBlock
pandas.core.internals.managers: SingleBlockManager
pandas.core.series: Series
pandas.core.strings.accessor: StringMethods
pandas.core.window.ewm: ExponentialMovingWindow
pandas.core.window.rolling: Rolling
`),
    },
  ],
}
