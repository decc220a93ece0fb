import type { RunEvent } from '../../pipeline/events.ts'

const KEPT_LINES = 30

/** The last lines that each step of a running stage has said, to show them when it goes wrong. */
export class OutputTails {
  readonly #lines = new Map<string, string[]>()

  /** Takes notice of an event. Lines that no step said (a service's) count for the stage. */
  observe(event: RunEvent): void {
    if (event.type === 'stage-started') this.#drop(event.stage)
    if (event.type !== 'stage-output') return
    const key = keyOf(event.stage, event.step)
    const lines = this.#lines.get(key) ?? []
    lines.push(event.line)
    if (lines.length > KEPT_LINES) lines.shift()
    this.#lines.set(key, lines)
  }

  /** Of a step; of the stage outside its steps when `step` is null. */
  of(stage: string, step: string | null): readonly string[] {
    return this.#lines.get(keyOf(stage, step)) ?? []
  }

  /** The last line of a stage, whoever said it. */
  last(stage: string, step: string | null): string | undefined {
    return this.of(stage, step).at(-1) ?? this.of(stage, null).at(-1)
  }

  #drop(stage: string): void {
    for (const key of this.#lines.keys()) if (key.startsWith(`${stage}\0`)) this.#lines.delete(key)
  }
}

const keyOf = (stage: string, step: string | null): string => `${stage}\0${step ?? ''}`
