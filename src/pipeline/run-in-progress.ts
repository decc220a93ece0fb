import { redactDeep, redactor, type Redact } from '../core/redact.ts'
import type { Report } from '../core/report.ts'
import type { PipelineState } from './state.ts'
import { cacheBlobs, StageCache } from './cache.ts'
import type { RunEvent } from './events.ts'
import { FileDigests } from './file-digests.ts'
import type { OutputContext, Outputs } from './outputs.ts'
import type { Recorder } from './recorder.ts'
import type { RunOptions } from './run-options.ts'

/** How a stage ended, as far as the stages after it are concerned. */
export interface StageOutcome {
  readonly report: Report
  readonly outputs: Outputs
  readonly opensTheWay: boolean
}

/** What all stages of a run share. */
export class RunInProgress {
  readonly options: RunOptions & { readonly branch: string }
  readonly database: PipelineState
  readonly recorder: Recorder
  readonly cache: StageCache
  readonly outputs: OutputContext
  readonly #secrets: Set<string>
  #redact: Redact
  #lastQuestion: Promise<unknown> = Promise.resolve()

  constructor(
    options: RunOptions & { readonly branch: string },
    database: PipelineState,
    recorder: Recorder,
    secrets: Iterable<string>,
  ) {
    this.options = options
    this.database = database
    this.recorder = recorder
    this.cache = new StageCache(database, options.root)
    this.outputs = { root: options.root, blobs: cacheBlobs(options.stateDir), digests: new FileDigests(), hooks: options.hooks }
    this.#secrets = new Set(secrets)
    this.#redact = redactor(this.#secrets)
  }

  get redact(): Redact {
    return this.#redact
  }

  /** From now on these are masked as well. */
  addSecrets(secrets: readonly string[]): void {
    for (const secret of secrets) this.#secrets.add(secret)
    this.#redact = redactor(this.#secrets)
  }

  /** Tells the record and every observer. */
  emit(event: RunEvent): void {
    this.recorder.event(event)
    for (const observer of this.options.observers) {
      try {
        observer.onEvent(event)
      } catch {
        // An observer's trouble is its own.
      }
    }
  }

  say(stage: string, step: string | null, line: string): void {
    this.emit({ type: 'stage-output', stage, step, line: this.#redact(line) })
  }

  redacted<T>(value: T): T {
    return redactDeep(value, this.#redact)
  }

  /** One question at a time, although stages run in parallel. */
  get ask(): ((question: string) => Promise<boolean>) | null {
    const { ask } = this.options
    if (!ask) return null
    return (question) => {
      const answer = this.#lastQuestion.then(() => ask(this.#redact(question)))
      this.#lastQuestion = answer.catch(() => {})
      return answer
    }
  }
}
