import { UserError } from '../../core/errors.ts'
import { suggest } from '../../core/suggest.ts'
import type { Scored, Task } from '../scored.ts'
import { METRIC_ALIASES, METRICS } from './catalogue.ts'
import type { MetricKind, MetricSettings, Readout } from './metric-kind.ts'

export interface NamedMetric {
  readonly kind: MetricKind
  /** NaN for a metric that has none. */
  readonly parameter: number
  /** As reports have it: `f-beta@2`. */
  readonly name: string
}

/**
 * The metric of a name, which may carry a parameter after an @ and may be an alias: `f-beta@2`, `mae`.
 *
 * @throws UserError E_VALUE when there is none of that name, none for that task, or its parameter is missing or not allowed
 */
export function findMetric(text: string, { own = [] }: MetricSettings = {}, task?: Task): NamedMetric {
  const [named, given, ...more] = text.split('@') as [string, string?, ...string[]]
  const known = [...own, ...METRICS]
  const kind = own.find(({ name }) => name === named) ?? METRICS.find(({ name }) => name === (METRIC_ALIASES.get(named) ?? named))
  if (kind === undefined) {
    throw new UserError('E_VALUE', `There is no metric "${named}"`, { hint: nearest(named, namesFor(known, task)) })
  }
  if (task !== undefined && !kind.tasks.includes(task)) {
    throw new UserError('E_VALUE', `The metric "${kind.name}" is for ${kind.tasks.join(' or ')}, and this is a ${task}`, {
      hint: `There are ${namesFor(known, task).join(', ')}.`,
    })
  }
  if (more.length > 0) {
    throw new UserError('E_VALUE', `"${text}" has more than one @`, { hint: 'A metric has one parameter, such as ndcg@10.' })
  }
  return { kind, ...readParameter(kind, given) }
}

const namesFor = (kinds: readonly MetricKind[], task: Task | undefined): string[] =>
  kinds.filter(({ tasks }) => task === undefined || tasks.includes(task)).map(({ name }) => name)

function nearest(name: string, known: readonly string[]): string {
  const near = suggest(name, [...known, ...[...METRIC_ALIASES].flatMap(([alias, of]) => (known.includes(of) ? [alias] : []))])
  return near === undefined ? `Known: ${known.join(', ')}.` : `Did you mean "${near}"?`
}

function readParameter({ name, parameter }: MetricKind, given: string | undefined): { parameter: number; name: string } {
  if (parameter === undefined) {
    if (given === undefined) return { parameter: Number.NaN, name }
    throw new UserError('E_VALUE', `The metric "${name}" takes no parameter, but "@${given}" follows it`, {
      hint: `Write ${name}.`,
    })
  }
  if (given === undefined && parameter.default !== null) return { parameter: parameter.default, name }
  const value = given === undefined || given.trim() === '' ? Number.NaN : Number(given)
  if (Number.isFinite(value) && parameter.isAllowed(value)) {
    return { parameter: value, name: value === parameter.default ? name : `${name}@${value}` }
  }
  const what = given === undefined ? 'is missing' : `is "${given}"`
  throw new UserError('E_VALUE', `The ${parameter.name} of the metric "${name}" ${what}: ${parameter.allowed}`, {
    hint: `Write it after an @, such as ${name}@${[2, 0.5, 10].find((example) => parameter.isAllowed(example))}.`,
  })
}

/** A metric on scored rows: what is to be estimated, or why nothing is. @throws as `findMetric` does */
export function readMetric(scored: Scored, text: string, settings: MetricSettings = {}): NamedMetric & { readout: Readout } {
  const found = findMetric(text, settings, scored.task)
  return { ...found, readout: found.kind.of(scored, found.parameter, settings) }
}
