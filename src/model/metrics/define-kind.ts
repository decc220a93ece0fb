import type { Scored, ScoredClasses, ScoredRanking, ScoredSets, ScoredValues, Task } from '../scored.ts'
import type { MetricKind, MetricSettings, Readout } from './metric-kind.ts'
import { problemOfAnswers, problemOfProbabilities, problemOfScores } from './usable.ts'

interface ScoredOf {
  readonly classification: ScoredClasses
  readonly multilabel: ScoredSets
  readonly regression: ScoredValues
  readonly ranking: ScoredRanking
}

type Written = Omit<MetricKind, 'tasks' | 'of' | 'shown'> & {
  /** What it looks at: the answers (default); any scores that rank; probabilities, which are from 0 to 1 and sum to 1. */
  readonly reads?: 'answers' | 'scores' | 'probabilities'
  /** How it is read from the rows of each task that it is for. */
  readonly of: { readonly [T in Task]?: (scored: ScoredOf[T], parameter: number, settings: MetricSettings) => Readout }
  readonly shown?: { readonly [T in Task]?: (scored: ScoredOf[T]) => boolean }
}

const PROBLEMS = { answers: problemOfAnswers, scores: problemOfScores, probabilities: problemOfProbabilities } as const

/** A kind from how it is read for each task. What every metric must be sure of, that nothing is missing, is looked at here. */
export function defineKind({ of, shown = {}, reads = 'answers', ...kind }: Written): MetricKind {
  return {
    ...kind,
    tasks: Object.keys(of) as Task[],
    shown: (scored) => (shown[scored.task] as ((scored: Scored) => boolean) | undefined)?.(scored) ?? false,
    of: (scored, parameter, settings) => {
      const problem = PROBLEMS[reads](scored)
      if (problem !== null) return { title: kind.title, problem }
      return (of[scored.task] as (scored: Scored, parameter: number, settings: MetricSettings) => Readout)(
        scored,
        parameter,
        settings,
      )
    },
  }
}

export const always = (): boolean => true

/** A metric that these rows give no value for. */
export const failed = (title: string, reason: string): Readout => ({ title, problem: { verdict: 'error', reason } })
