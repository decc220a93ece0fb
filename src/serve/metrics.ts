/** Upper bounds in seconds: tabular models answer in well under a millisecond, and a minute is never an answer. */
const LATENCY_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]

export const OPENMETRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

export interface ServerMetrics {
  requestStarted(): void
  /** @param seconds from the first byte of the request's head to the end of the answer */
  requestEnded(status: number, seconds: number): void
  batch(rows: number): void
  inFlight(): number
  /** The OpenMetrics text exposition. */
  render(state: { readonly ready: boolean; readonly queuedRows: number }): string
}

/** Counts what the server does. The info of the model is a metric too, so that a graph can be split by release. */
export function createServerMetrics(model: Readonly<Record<'model' | 'version' | 'digest' | 'release', string>>): ServerMetrics {
  const requests = new Map<number, number>()
  const latency = histogram(LATENCY_BUCKETS)
  const batches = histogram(BATCH_BUCKETS)
  let inFlight = 0
  return {
    requestStarted: () => void inFlight++,
    requestEnded(status, seconds) {
      inFlight--
      requests.set(status, (requests.get(status) ?? 0) + 1)
      latency.observe(seconds)
    },
    batch: (rows) => batches.observe(rows),
    inFlight: () => inFlight,
    render({ ready, queuedRows }) {
      const labels = Object.entries(model).map(([name, value]) => `${name}="${escapeLabel(value)}"`)
      return [
        ...family('plimsoll_model', 'info', 'The model that is served.', [`plimsoll_model_info{${labels.join(',')}} 1`]),
        ...family('plimsoll_ready', 'gauge', 'Whether the model is loaded and warm.', [`plimsoll_ready ${ready ? 1 : 0}`]),
        ...family(
          'plimsoll_infer_requests',
          'counter',
          'Infer requests by the status of their answer.',
          [...requests].map(([status, count]) => `plimsoll_infer_requests_total{code="${status}"} ${count}`),
        ),
        ...family(
          'plimsoll_infer_duration_seconds',
          'histogram',
          'Time from a request to the end of its answer.',
          latency.lines('plimsoll_infer_duration_seconds'),
          'seconds',
        ),
        ...family('plimsoll_infer_in_flight', 'gauge', 'Infer requests without an answer yet.', [
          `plimsoll_infer_in_flight ${inFlight}`,
        ]),
        ...family('plimsoll_queued_rows', 'gauge', 'Rows that wait for the model.', [`plimsoll_queued_rows ${queuedRows}`]),
        ...family('plimsoll_batch_rows', 'histogram', 'Rows per call of the model.', batches.lines('plimsoll_batch_rows')),
        '# EOF\n',
      ].join('\n')
    },
  }
}

function family(name: string, type: string, help: string, lines: readonly string[], unit?: string): string[] {
  return [`# TYPE ${name} ${type}`, ...(unit ? [`# UNIT ${name} ${unit}`] : []), `# HELP ${name} ${help}`, ...lines]
}

function histogram(bounds: readonly number[]): { observe(value: number): void; lines(name: string): string[] } {
  const counts = new Float64Array(bounds.length + 1)
  let sum = 0
  return {
    observe(value) {
      const index = bounds.findIndex((bound) => value <= bound)
      counts[index === -1 ? bounds.length : index]!++
      sum += value
    },
    lines(name) {
      let cumulative = 0
      const buckets = [...bounds.map((bound) => formatFloat(bound)), '+Inf'].map((bound, index) => {
        cumulative += counts[index]!
        return `${name}_bucket{le="${bound}"} ${cumulative}`
      })
      return [...buckets, `${name}_sum ${sum}`, `${name}_count ${cumulative}`]
    },
  }
}

/** OpenMetrics writes bounds as floats: `1.0`, not `1`. */
function formatFloat(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value)
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
