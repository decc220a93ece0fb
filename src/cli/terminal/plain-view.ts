import { formatDuration } from '../../core/duration.ts'
import { unreachable } from '../../core/errors.ts'
import type { Report } from '../../core/report.ts'
import type { RunEvent, RunObserver } from '../../pipeline/events.ts'
import { palette } from '../../report/text.ts'
import { formatTime, printable, SYMBOLS, whatWasMeasured } from '../../report/wording.ts'
import { OutputTails } from './output-tail.ts'
import type { Channel } from './terminal.ts'

/** A run as lines that are only ever appended: for CI logs and files. With `verbose` every line of output is in it. */
export function plainView(channel: Channel, { verbose }: { verbose: boolean }): RunObserver {
  const tails = new OutputTails()
  const lines = new EventLines(channel.color, tails)
  return {
    onEvent(event) {
      tails.observe(event)
      if (event.type === 'stage-output' && !verbose) return
      for (const line of lines.of(event, verbose)) channel.write(`${line}\n`)
    },
  }
}

/** What is written down of an event. */
export class EventLines {
  readonly #paint: ReturnType<typeof palette>
  readonly #tails: OutputTails

  constructor(color: boolean, tails: OutputTails) {
    this.#paint = palette(color)
    this.#tails = tails
  }

  of(event: RunEvent, verbose: boolean): string[] {
    const { dim, bold } = this.#paint
    switch (event.type) {
      case 'run-started':
        return [`${bold(printable(event.pipeline))} ${dim(`run ${event.runId}${event.resumed ? ', resumed' : ''}`)}`]
      case 'stage-started':
        return [dim(`  ${printable(event.stage)}: started${event.attempt > 1 ? `, attempt ${event.attempt}` : ''}`)]
      case 'step-started':
        return verbose ? [dim(`  ${printable(event.stage)} › ${printable(event.step)}: started`)] : []
      case 'stage-output':
        return [`  ${dim(`${printable(event.stage)} │`)} ${printable(event.line)}`]
      case 'step-finished':
        return [...this.#output(event.stage, event.report, verbose), this.#step(event.stage, event.report)]
      case 'stage-finished':
        return [...this.#outputOutsideSteps(event.stage, event.report, verbose), this.#stage(event.report)]
      case 'run-finished':
        return []
      default:
        return unreachable(event)
    }
  }

  /** The last lines of a step that did not pass; nothing when all of it was shown already. */
  #output(stage: string, { name, verdict }: Report, verbose: boolean): string[] {
    if (verbose || (verdict !== 'fail' && verdict !== 'error')) return []
    return this.#tails.of(stage, name).map((line) => this.#quote(stage, line))
  }

  #outputOutsideSteps(stage: string, { verdict }: Report, verbose: boolean): string[] {
    return verbose || verdict !== 'error' ? [] : this.#tails.of(stage, null).map((line) => this.#quote(stage, line))
  }

  #quote(stage: string, line: string): string {
    return `    ${this.#paint.dim(`${printable(stage)} │`)} ${printable(line)}`
  }

  #step(stage: string, report: Report): string {
    const { [report.verdict]: style, dim } = this.#paint
    const head = `  ${style(SYMBOLS[report.verdict])} ${printable(stage)} › ${printable(report.name)}: ${style(report.verdict)}`
    return `${head} ${dim(formatDuration(report.durationMs))} ${printable(report.summary)}`.trimEnd()
  }

  #stage(report: Report): string {
    const { [report.verdict]: style, dim, bold } = this.#paint
    const head = `${style(SYMBOLS[report.verdict])} ${bold(printable(report.name))}: ${style(report.verdict)}`
    // What its steps measured stands above already.
    const measured = report.origin.from === 'run' && report.children.length > 0 ? '' : printable(whatWasMeasured(report))
    return [head, dim(formatTime(report)), measured].filter((part) => part !== '').join(' ')
  }
}
