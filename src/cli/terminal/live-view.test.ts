import { expect, test } from 'vitest'
import type { Report } from '../../core/report.ts'
import type { Verdict } from '../../core/verdict.ts'
import type { RunEvent } from '../../pipeline/events.ts'
import { fit } from './live-region.ts'
import { liveView } from './live-view.ts'

/** A terminal that knows the few sequences that are used, and shows what a person would see. */
class Screen {
  lines: string[] = ['']
  row = 0
  readonly color = false
  readonly live = true
  readonly width = 60

  #receiver: ((text: string) => void) | undefined

  takeOver(receive: (text: string) => void) {
    this.#receiver = receive
    return { write: (text: string) => this.#show(text), release: () => (this.#receiver = undefined) }
  }

  write(text: string): void {
    if (this.#receiver) this.#receiver(text)
    else this.#show(text)
  }

  #show(text: string): void {
    // oxlint-disable-next-line no-control-regex -- escape sequences begin with the escape character
    for (const [part] of text.matchAll(/\u001b\[\??\d*[A-Za-z]|\n|\r|[^\u001b\n\r]+/g)) this.#part(part)
  }

  #part(part: string): void {
    if (part === '\n') {
      this.row++
      this.lines[this.row] ??= ''
    } else if (part === '\u001b[J') this.lines.splice(this.row, Infinity, '')
    else if (part.startsWith('\u001b[') && part.endsWith('A')) this.row -= Number(part.slice(2, -1))
    else if (!part.startsWith('\u001b') && part !== '\r') this.lines[this.row] += part
  }

  get text(): string {
    return this.lines.join('\n').trimEnd()
  }
}

const report = (kind: 'stage' | 'step', name: string, verdict: Verdict, summary = ''): Report => ({
  schemaVersion: 1,
  kind,
  name,
  verdict,
  summary,
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 1500,
  origin: { from: 'run' },
  results: [],
  artifacts: [],
  children: [],
})

function rig(rows = 24) {
  const screen = new Screen()
  let now = 0
  const view = liveView(screen, { rows: () => rows, now: () => now })
  return {
    screen,
    view,
    send: (...events: RunEvent[]) => events.forEach((event) => view.onEvent(event)),
    at: (ms: number) => (now = ms),
  }
}

const STARTED: RunEvent = {
  type: 'run-started',
  runId: 'r-1',
  pipeline: 'demo',
  resumed: false,
  stages: [
    { name: 'one', needs: [] },
    { name: 'two', needs: ['one'] },
  ],
}

test('draws the stages in place, with what each is doing', () => {
  const { screen, send, at, view } = rig()
  send(STARTED, { type: 'stage-started', stage: 'one', attempt: 1 }, { type: 'step-started', stage: 'one', step: 'train' })
  at(2400)
  send(
    { type: 'stage-output', stage: 'one', step: 'train', line: 'epoch 3 \u001b[2J' },
    { type: 'step-started', stage: 'one', step: 'train' },
  )
  expect(screen.text.replace(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/, '*')).toBe(
    ['demo run r-1', '* one     2.4 s', '    train │ epoch 3 \\x1b[2J', '· two  waits for one'].join('\n'),
  )
  view.close()
})

test('leaves the output of what went wrong, and nothing of the tree', () => {
  const { screen, send } = rig()
  send(
    STARTED,
    { type: 'stage-started', stage: 'one', attempt: 1 },
    { type: 'step-started', stage: 'one', step: 'run' },
    { type: 'stage-output', stage: 'one', step: 'run', line: 'it broke' },
    { type: 'step-finished', stage: 'one', report: report('step', 'run', 'fail', 'exit code 1') },
    { type: 'stage-finished', stage: 'one', report: report('stage', 'one', 'fail'), opensTheWay: false },
    { type: 'run-finished', verdict: 'fail', report: report('stage', 'demo', 'fail') },
  )
  expect(screen.text).toBe(['demo run r-1', '    one │ it broke', '  ✖ one › run: fail 1.5 s exit code 1'].join('\n'))
})

test('what others write goes above the tree', () => {
  const { screen, send, view } = rig()
  send(STARTED)
  screen.write('Stopping.\n')
  expect(screen.text).toBe(['demo run r-1', 'Stopping.', '· one  waiting', '· two  waits for one'].join('\n'))
  view.close()
  expect(screen.text).toBe(['demo run r-1', 'Stopping.'].join('\n'))
})

test('when the stages do not fit, those that have ended give way', () => {
  const { screen, send, view } = rig(8)
  const names = Array.from({ length: 10 }, (_, i) => `stage-${i}`)
  send({ ...STARTED, stages: names.map((name) => ({ name, needs: [] })) })
  for (const name of names.slice(0, 8)) {
    send({ type: 'stage-finished', stage: name, report: report('stage', name, 'pass'), opensTheWay: true })
  }
  const shown = screen.text.split('\n')
  expect(shown.length).toBeLessThanOrEqual(1 + 8 - 3)
  expect(shown.at(-1)).toContain('stage-9')
  expect(screen.text).toMatch(/… \d+ more/)
  view.close()
})

test('a question stands alone; the tree comes back after it', async () => {
  const { screen, send, view } = rig()
  send(STARTED)
  await view.paused(() => {
    expect(screen.text).toBe('demo run r-1')
    screen.write('Deploy? y\n')
    return Promise.resolve()
  })
  expect(screen.text).toContain('Deploy? y\n· one')
  view.close()
})

test('a line is cut to the width, colours not counted', () => {
  expect(fit('short', 10)).toBe('short')
  expect(fit('much too long', 8)).toBe('much to…')
  expect(fit('\u001b[31mmuch too long\u001b[39m', 8)).toBe('\u001b[31mmuch to\u001b[39m…')
})
