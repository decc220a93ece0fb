import { formatDuration } from '../../core/duration.ts'
import type { Report } from '../../core/report.ts'
import type { RunEvent, RunObserver, RunStarted } from '../../pipeline/events.ts'
import { palette } from '../../report/text.ts'
import { formatTime, printable, SYMBOLS, whatWasMeasured } from '../../report/wording.ts'
import { LiveRegion } from './live-region.ts'
import { OutputTails } from './output-tail.ts'
import { EventLines } from './plain-view.ts'
import type { Channel } from './terminal.ts'

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const REDRAW_MS = 100
/** Rows of the terminal that the tree leaves free. */
const MARGIN = 3

interface StageState {
  readonly name: string
  readonly needs: readonly string[]
  startedAt?: number
  step?: string
  report?: Report
}

export interface LiveView extends RunObserver {
  /** Runs `work`, a question for example, with the tree out of the way. */
  paused<T>(work: () => Promise<T>): Promise<T>
  /** Takes the tree away. */
  close(): void
}

/** A run as a tree that is drawn in place: for a person at a terminal. The output of what went wrong stays above it. */
export function liveView(channel: Channel, options: { rows: () => number; now: () => number }): LiveView {
  const tails = new OutputTails()
  const lines = new EventLines(channel.color, tails)
  let stages: StageState[] = []
  let region: LiveRegion | undefined
  let timer: NodeJS.Timeout | undefined
  let frame = 0
  const draw = (above: readonly string[] = []) =>
    region?.draw(tree(stages, { ...options, color: channel.color, frame: frame++, tails }), above)
  const open = () => {
    region = new LiveRegion(channel)
    timer = setInterval(draw, REDRAW_MS)
    timer.unref()
    draw()
  }
  const close = () => {
    clearInterval(timer)
    region?.close()
    region = undefined
  }
  return {
    onEvent(event) {
      tails.observe(event)
      if (event.type === 'run-started') {
        stages = stagesOf(event)
        channel.write(`${lines.of(event, false).join('\n')}\n`)
        open()
        return
      }
      note(stages, event, options.now())
      if (event.type === 'run-finished') close()
      else if (event.type !== 'stage-output') draw(wentWrong(event) ? lines.of(event, false) : [])
    },
    async paused(work) {
      close()
      try {
        return await work()
      } finally {
        open()
      }
    },
    close,
  }
}

const stagesOf = ({ stages }: RunStarted): StageState[] => stages.map(({ name, needs }) => ({ name, needs }))

function note(stages: readonly StageState[], event: RunEvent, now: number): void {
  const stage = 'stage' in event ? stages.find(({ name }) => name === event.stage) : undefined
  if (!stage) return
  if (event.type === 'stage-started') stage.startedAt = now
  if (event.type === 'step-started') stage.step = event.step
  if (event.type === 'stage-finished') stage.report = event.report
}

function wentWrong(event: RunEvent): boolean {
  return event.type === 'step-finished' && (event.report.verdict === 'fail' || event.report.verdict === 'error')
}

interface TreeOptions {
  readonly rows: () => number
  readonly now: () => number
  readonly color: boolean
  readonly frame: number
  readonly tails: OutputTails
}

/** One line per stage, two while it runs. When they do not all fit, those that have ended give way. */
function tree(stages: readonly StageState[], options: TreeOptions): string[] {
  const paint = palette(options.color)
  const width = Math.max(0, ...stages.map(({ name }) => name.length))
  const blocks = stages.map((stage) => ({ ended: stage.report !== undefined, lines: stageLines(stage, stages, width, options) }))
  const room = Math.max(1, options.rows() - MARGIN)
  let hidden = 0
  while (blocks.reduce((sum, { lines }) => sum + lines.length, hidden > 0 ? 1 : 0) > room) {
    const index = blocks.findIndex(({ ended }) => ended)
    blocks.splice(Math.max(index, 0), 1)
    if (blocks.length === 0) break
    hidden++
  }
  return [...(hidden > 0 ? [paint.dim(`  … ${hidden} more`)] : []), ...blocks.flatMap(({ lines }) => lines)]
}

function stageLines(stage: StageState, stages: readonly StageState[], width: number, options: TreeOptions): string[] {
  const paint = palette(options.color)
  const name = printable(stage.name).padEnd(width)
  const { report, startedAt, step } = stage
  if (report) {
    const { [report.verdict]: style } = paint
    return [
      `${style(SYMBOLS[report.verdict])} ${name}  ${paint.dim(formatTime(report).padStart(8))}  ${printable(whatWasMeasured(report))}`,
    ]
  }
  if (startedAt === undefined) {
    const waiting = stage.needs.filter((need) => !stages.find(({ name }) => name === need)?.report)
    return [paint.dim(`· ${name}  ${waiting.length === 0 ? 'waiting' : `waits for ${waiting.map(printable).join(', ')}`}`)]
  }
  const spinner = paint.skip(FRAMES[options.frame % FRAMES.length]!)
  const elapsed = formatDuration(options.now() - startedAt).padStart(8)
  const line = options.tails.last(stage.name, step ?? null)
  const doing = [step ?? 'starting', ...(line === undefined ? [] : [line])].map(printable).join(' │ ')
  return [`${spinner} ${paint.bold(name)}  ${paint.dim(elapsed)}`, paint.dim(`    ${doing}`)]
}
