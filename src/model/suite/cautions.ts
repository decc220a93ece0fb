import type { Scored, ScoredClasses } from '../scored.ts'
import { constantAnswer } from './constant-answer.ts'

/** What a reader must know beside a number, and whether it keeps a gate from passing: then it warns. */
export interface Cautions {
  /** `; every prediction is "no"`, or empty. */
  readonly text: string
  readonly spoils: boolean
}

/** Conventions of the metric, a model that always says the same, classes that it has never heard of. */
export function cautionsOf(scored: Scored, notes: readonly (string | undefined)[]): Cautions {
  const constant = constantAnswer(scored)
  const unknown = scored.task === 'classification' && scored.unknown.length > 0 ? unknownText(scored) : undefined
  const said = [...new Set(notes), constant?.caution, unknown].filter((text) => text !== undefined)
  return {
    text: said.map((text) => `; ${text}`).join(''),
    spoils: (constant !== null && !constant.ranks) || unknown !== undefined,
  }
}

function unknownText({ unknown, classes, truth }: ScoredClasses): string {
  const ofUnknown = new Set(unknown.map((name) => classes.indexOf(name)))
  const rows = truth.filter((label) => ofUnknown.has(label)).length
  const names = unknown.slice(0, 3).map((name) => `"${name}"`)
  return `the model does not know ${names.join(', ')}${unknown.length > 3 ? ', …' : ''}, the label of ${rows} ${rows === 1 ? 'row' : 'rows'}, which ${rows === 1 ? 'counts' : 'count'} as wrong`
}
