import { count, listed, percent } from '../../../core/counts.ts'
import { NO_LABEL } from '../labels.ts'
import { findingSeverity, tooSmall, type QualityRule } from '../rule.ts'

/** Fewer rows outside the most frequent class do not show whether a feature tells them apart. */
const FEWEST_MINORITY = 20
/** Fewer pairs of numbers correlate by chance. */
const FEWEST_PAIRS = 30

/** A feature that tells the label on its own is more likely made from it than known before it. */
export const labelLeakage: QualityRule = {
  name: 'label-leakage',
  title: 'Features that give the label away',
  summary: 'No feature alone predicts the label almost perfectly, judged out of sample.',
  severity: 'warn',
  why: 'An honest feature can be that strong; only you know whether it is known when a prediction is made.',
  limits: ['maxLabelScore', 'mostClasses'],
  judge({ label, labelSignals }, { maxLabelScore }, over) {
    if (!label || !labelSignals) return { verdict: 'skip', message: NO_LABEL }
    const { signals, minority, notJudged } = labelSignals
    if (minority !== null && minority < FEWEST_MINORITY) {
      return tooSmall(
        over,
        `Only ${count(minority, 'row')} outside the most frequent class; ${FEWEST_MINORITY} are needed to judge a feature.`,
      )
    }
    const judged = signals.filter(({ rows }) => rows >= FEWEST_PAIRS)
    if (judged.length === 0) return tooSmall(over, 'No feature could be judged.')
    const found = judged.filter(({ score }) => score >= maxLabelScore)
    const best = judged[0]!
    const what = best.measure === 'lambda' ? 'of the errors of a constant guess' : 'of the variance of the label'
    return {
      verdict: found.length > 0 ? over : 'pass',
      message:
        found.length > 0
          ? `${listed(found.map(({ column, score }) => `${column} alone removes ${percent(score)} ${what}`))}.`
          : `The strongest feature, ${best.column}, removes ${percent(best.score)} ${what}; below ${percent(maxLabelScore)} expected.`,
      measurements: judged.slice(0, 20).map(({ column, score, rows }) => ({
        name: 'label score',
        value: score,
        unit: 'share',
        n: rows,
        slice: { column },
        threshold: { value: maxLabelScore, good: 'at-most' as const },
      })),
      findings: [
        ...found.map(({ column, score, accuracy, rows }) => ({
          severity: findingSeverity(over),
          message: `"${column}" alone removes ${percent(score)} ${what}${accuracy === undefined ? '' : ` (out-of-sample accuracy ${percent(accuracy)})`}, over ${count(rows, 'row')}.`,
          rule: 'label-leakage',
          evidence: { column, score },
        })),
        ...(notJudged.length === 0
          ? []
          : [
              {
                severity: 'note' as const,
                message: `Not judged, because values hardly repeat or are no single values: ${listed(notJudged)}.`,
                rule: 'label-leakage',
              },
            ]),
      ],
      ...(found.length > 0 && {
        hint: 'Is it filled in after the outcome, or computed from it? Then leave it out. Limit: --max-label-score.',
      }),
    }
  },
}
