import { METRIC_ALIASES, METRICS } from '../../model/metrics/catalogue.ts'
import type { MetricKind } from '../../model/metrics/metric-kind.ts'
import type { Task } from '../../model/scored.ts'
import { code, page, table } from './page.ts'

const SECTIONS: readonly (readonly [task: Task, title: string])[] = [
  ['classification', 'Classification'],
  ['multilabel', 'Multilabel alone'],
  ['regression', 'Regression'],
  ['ranking', 'Ranking'],
]

/** Every metric: what it is, which function it equals, and how its interval is made. */
export function metricsPage(): string {
  return page('Metrics', [
    'What `evaluate` reports and what the tests of `validate-model` are about, by name. A parameter follows an `@`: `f-beta@2`, `ndcg@10`. ' +
      'Classification has one class per row, of two or more; multilabel a set of classes. All take row weights and clusters. ' +
      '`test/golden/make-metrics.py` holds each against its reference, with and without weights, to 1e-10.',
    ...SECTIONS.flatMap(([task, title]) => [`## ${title}`, metricsOf(task)]),
    '## Intervals',
    table(
      ['Interval', 'What it is', 'Named in reports'],
      [
        ['Wilson', 'Score interval of a share.', '`wilson`, `wilson-weighted`, `wilson-clustered`'],
        [
          'Bayesian bootstrap of counts',
          'The cells of the confusion matrix are drawn from their Dirichlet posterior; the cost does not depend on the number of rows.',
          '`bayesian-bootstrap`, `bayesian-bootstrap-distance`',
        ],
        [
          'bootstrap-t of row means',
          'Studentised bootstrap of a function of means; where all rows are alike, what rows not seen could still do.',
          '`bootstrap-t`, `linearized`, `few-differ`, `all-alike`',
        ],
        ['DeLong', 'On the logit scale; of a mean of curves from their summed influence.', '`delong`, `newcombe-auc`'],
        [
          'jackknife of rows',
          'Each row left out once, less the bias that this shows; for many rows the formula of their influence, or the standard error of the bootstrap.',
          '`jackknife`, `linearized`, `bootstrap-se`',
        ],
      ],
    ),
    'With weights, all of these work with the number of rows that the weighted ones are worth. With clusters, whole clusters are what is drawn. [Honest intervals](../guides/honest-intervals.md) has what was measured of them.',
    '## Where they differ from the reference',
    table(
      ['Metric', 'Difference'],
      METRICS.flatMap(({ name, differs }) => (differs === undefined ? [] : [[code(name), differs]])),
    ),
    'Precision, recall, F, Jaccard and specificity without a row to divide by are 0, as in scikit-learn with `zero_division=0`; for the positive ' +
      'class the report warns of it. Names of classes, numbers and booleans are in the order of scikit-learn. ' +
      'While one prediction is missing or NaN, nothing that depends on it is measured, where scikit-learn raises.',
    '## Other names',
    table(
      ['Name', 'Metric'],
      [...METRIC_ALIASES].map(([alias, name]) => [code(alias), code(name)]),
    ),
  ])
}

const metricsOf = (task: Task): string =>
  table(
    ['Name', 'What it is', 'Better', 'Interval', 'Equals'],
    METRICS.filter(({ tasks }) => tasks[0] === task).map((kind) => [
      nameOf(kind),
      `${kind.title}. ${kind.summary}${kind.tasks.length > 1 ? ` Also ${kind.tasks.slice(1).join(', ')}.` : ''}`,
      kind.good,
      kind.interval,
      /^sklearn|^scipy/.test(kind.reference) ? code(kind.reference) : kind.reference,
    ]),
  )

function nameOf({ name, parameter }: MetricKind): string {
  if (parameter === undefined) return code(name)
  const byDefault = parameter.default === null ? '' : `; ${parameter.default === Infinity ? 'all' : parameter.default} without it`
  return `${code(`${name}@${parameter.name}`)} (${parameter.allowed}${byDefault})`
}
