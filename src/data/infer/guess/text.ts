import { count, percent } from '../../../core/counts.ts'
import type { Guess } from '../draft.ts'
import { ENOUGH, shareToDemand, type ColumnContext, type Guesses } from './context.ts'
import { mostlyNumbers } from './type.ts'

/** From this share on a format is demanded, with an allowance for the rest. */
const MOSTLY = 0.95

/** `format`, `pattern` and lengths for text that is no category. */
export function guessText(context: ColumnContext): Guesses {
  const { column, present, isCategory } = context
  if ((column.kind !== 'text' && column.kind !== 'time') || isCategory || present < 1 || mostlyNumbers(context) !== undefined)
    return {}
  const typed = typedFormat(column.type)
  if (typed !== undefined && !column.text)
    return { keywords: [{ name: 'format', value: typed, why: `the file's type is ${column.type}` }] }
  return formatOf(context) ?? shapeOf(context) ?? notEmpty(context)
}

/** How the file's own types are written as text. A time without a zone is no `date-time` of JSON Schema's. */
function typedFormat(type: string): string | undefined {
  if (type === 'DATE') return 'date'
  if (type === 'UUID') return 'uuid'
  return type === 'TIMESTAMP WITH TIME ZONE' ? 'date-time' : undefined
}

function formatOf({ column, present }: ColumnContext): Guesses | undefined {
  const [best] = Object.entries(column.text?.formats ?? {}).toSorted(([, a], [, b]) => b - a)
  if (!best || present < 2) return undefined
  const [format, matching] = best
  if (matching === present) {
    return { keywords: [{ name: 'format', value: format, why: `all ${count(present, 'value')} are written so` }] }
  }
  if (matching / present < MOSTLY || present < ENOUGH) return undefined
  const why = `${percent(matching / present)} of the values are written so`
  const allowance: Guess = {
    name: 'format',
    value: { mostly: shareToDemand(matching, present) },
    why: `${count(present - matching, 'value')} are not`,
  }
  return { keywords: [{ name: 'format', value: format, why }], allowances: { format: allowance } }
}

function shapeOf({ column, present }: ColumnContext): Guesses | undefined {
  const { text, lengths, distinct } = column
  if (text?.shape === undefined || present < ENOUGH || distinct < ENOUGH) return undefined
  const why = `all ${count(present, 'value')} have this shape, of ${count(lengths!.max, 'character')}`
  return { keywords: [{ name: 'pattern', value: patternOf(text.shape), why }] }
}

const CLASSES: Readonly<Record<string, string>> = { A: '[A-Z]', a: '[a-z]', '9': '[0-9]' }

/** `AA-9999` → `^[A-Z]{2}-[0-9]{4}$` */
export function patternOf(shape: string): string {
  const runs = shape.match(/A+|a+|9+|[^Aa9]/gu) ?? []
  const parts = runs.map((run) => {
    const characters = CLASSES[run[0]!]
    if (characters === undefined) return run.replace(/[\\^$.*+?()[\]{}|/]/u, String.raw`\$&`)
    return run.length === 1 ? characters : `${characters}{${run.length}}`
  })
  return `^${parts.join('')}$`
}

function notEmpty({ column, present }: ColumnContext): Guesses {
  if (column.kind !== 'text' || !column.lengths || column.lengths.min < 1 || present < ENOUGH) return {}
  return { keywords: [{ name: 'minLength', value: 1, why: 'no value is empty text' }] }
}
