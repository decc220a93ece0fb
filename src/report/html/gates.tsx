import type { CheckResult, Measurement } from '../../core/check.ts'
import { allResults, type Report } from '../../core/report.ts'
import { formatValue, howSure, measurementName } from '../wording.ts'
import { Badge } from './badge.tsx'
import { IntervalBar } from './interval-bar.tsx'

/** Every gate that is a limit on a number, at a glance: where the measurement lies, and how sure that is. */
export function Gates({ report }: { report: Report }) {
  const gates = [...allResults(report)].flatMap(({ path, result }) => {
    const tightest = tightestOf(result)
    return tightest ? [{ step: path.at(-1)!, result, ...tightest }] : []
  })
  if (gates.length === 0 || report.kind === 'step') return null
  return (
    <section>
      <h2>Gates, and how sure each is</h2>
      <table class="gates">
        <tbody>
          {gates.map(({ step, result, measurement, others }) => (
            <tr>
              <td>
                {result.title}
                <div class="place">
                  {step}
                  {others > 0 && `: ${measurementName(measurement)}, the tightest of ${others + 1}`}
                </div>
              </td>
              <td>
                <Badge verdict={result.verdict} />
              </td>
              <td class="number">{formatValue(measurement)}</td>
              <td class="bar">
                <IntervalBar measurement={measurement} />
              </td>
              <td class="how-sure">{howSure(measurement)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** Of the measurements of a check that have a limit, the one that is nearest to it, or farthest beyond. */
function tightestOf({ measurements }: CheckResult): { measurement: Measurement; others: number } | undefined {
  const limited = measurements.filter(({ threshold, value }) => threshold && typeof value === 'number')
  const [measurement] = limited.toSorted((a, b) => room(a) - room(b))
  return measurement && { measurement, others: limited.length - 1 }
}

/** How far the unfavourable end of the interval is from the limit, on the good side. */
function room({ value, interval, threshold }: Measurement): number {
  if (threshold?.good === 'at-least') return (interval?.lower ?? (value as number)) - threshold.value
  return threshold!.value - (interval?.upper ?? (value as number))
}
