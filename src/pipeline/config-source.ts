import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type Pair } from 'yaml'
import type { Location } from '../core/check.ts'
import { formatLocation, messageOf, UserError, type ErrorCode } from '../core/errors.ts'
import { redactor } from '../core/redact.ts'
import { kebabCase } from '../core/step.ts'
import { secretsIn } from './variables.ts'

export type ConfigPath = readonly (string | number)[]

interface Range {
  readonly start: number
  readonly end: number
}

interface Mistake extends Range {
  readonly message: string
}

/** A YAML file with the place of everything in it, and the mistakes that were found. */
export interface ConfigSource {
  /** As plain data. A number or a boolean under `env` is the text that was written. */
  readonly value: unknown
  /** The place of a key (`key`) or of what stands under it (`value`); the nearest one above when it is not there. */
  locate(path: ConfigPath, part?: 'key' | 'value'): Location
  /** Notes a mistake; it is reported by `throwMistakes`. `column` moves it into the value, counted from 1. */
  mistake(message: string, path: ConfigPath, part?: 'key' | 'value', column?: number): void
  /** @throws UserError with every mistake so far, in the order of the file; nothing when there is none */
  throwMistakes(code?: ErrorCode): void
}

/** @throws UserError E_CONFIG when the text is not YAML */
export function readConfigSource(text: string, display: string, env: Readonly<Record<string, string>>): ConfigSource {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false })
  const mistakes: Mistake[] = []
  for (const { pos, code, message } of document.errors) {
    const [start, end] = pos
    const key = /^[^\s:]+/.exec(text.slice(start))?.[0] ?? ''
    mistakes.push({ start, end, message: code === 'DUPLICATE_KEY' ? `"${key}" stands here twice.` : sentence(message) })
  }
  let value: unknown = null
  try {
    keepTextOfEnv(document)
    value = document.errors.length === 0 ? document.toJS({ maxAliasCount: 100 }) : null
  } catch (error) {
    mistakes.push({ start: 0, end: 0, message: sentence(messageOf(error)) })
  }

  // A schema may quote a value that it refuses; a secret that was filled in for the check must not be seen.
  const redact = redactor(secretsIn(value).map((name) => env[name] ?? ''))
  const location = (start: number): Location => {
    const { line, col } = lines.linePos(start)
    return { file: display, line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const frame = ({ start, end }: Range): string => {
    const { line = 1, column = 1 } = location(start)
    const content = (text.split('\n')[line - 1] ?? '').replace(/\r$/, '').replaceAll('\t', ' ')
    const gutter = String(line)
    const length = Math.max(1, Math.min(end - start, content.length - column + 1))
    return `  ${gutter} | ${content}\n  ${' '.repeat(gutter.length)} | ${' '.repeat(column - 1)}${'^'.repeat(length)}`
  }
  const source: ConfigSource = {
    value,
    locate: (path, part = 'value') => location(rangeOf(document, path, part).start),
    mistake(message, path, part = 'value', column) {
      const range = rangeOf(document, path, part)
      mistakes.push({ ...(column === undefined ? range : shifted(text, range, column)), message: redact(message) })
    },
    throwMistakes(code = 'E_CONFIG') {
      if (mistakes.length === 0) return
      const ordered = mistakes.toSorted((a, b) => a.start - b.start)
      const [first] = ordered as [Mistake, ...Mistake[]]
      if (ordered.length === 1) throw new UserError(code, first.message, { location: location(first.start), frame: frame(first) })
      throw new UserError(code, `${display} has ${ordered.length} mistakes.`, {
        frame: ordered
          .map((mistake) => `${formatLocation(location(mistake.start))} ${mistake.message}\n${frame(mistake)}`)
          .join('\n\n'),
      })
    },
  }
  source.throwMistakes()
  return source
}

const sentence = (message: string) => (/[.!?]$/.test(message) ? message : `${message}.`)

/** A place inside a scalar: past its opening quote, where it has one. */
function shifted(text: string, { start, end }: Range, column: number): Range {
  const at = start + (text[start] === '"' || text[start] === "'" ? 1 : 0) + column - 1
  return at < end ? { start: at, end: at + 1 } : { start: Math.max(start, end - 1), end }
}

/** `VERSION: 1.10` under `env` means the text 1.10, not the number 1.1. */
function keepTextOfEnv(document: Document): void {
  const root = document.contents
  const keep = (holder: unknown) => {
    const env = isMap(holder) ? holder.get('env') : undefined
    if (!isMap(env)) return
    for (const { value } of env.items) {
      if (isScalar(value) && (typeof value.value === 'number' || typeof value.value === 'boolean')) value.value = value.source
    }
  }
  keep(root)
  const stages = isMap(root) ? root.get('stages') : undefined
  if (isMap(stages)) for (const { value } of stages.items) keep(value)
}

/** Walks down as far as the path leads. Parameters are looked up in both spellings. */
function rangeOf(document: Document, path: ConfigPath, part: 'key' | 'value'): Range {
  let node: unknown = document.contents
  let key: unknown
  for (const step of path) {
    const parent: unknown = isAlias(node) ? node.resolve(document) : node
    if (isMap(parent)) {
      const pair: Pair | undefined = parent.items.find(
        ({ key }) => isScalar(key) && (String(key.value) === String(step) || key.value === kebabCase(String(step))),
      )
      if (!pair) break
      key = pair.key
      node = pair.value ?? pair.key
    } else if (isSeq(parent)) {
      const item: unknown = typeof step === 'number' ? parent.items[step] : undefined
      if (item === undefined) break
      key = node = item
    } else break
  }
  const found = part === 'key' ? (key ?? node) : node
  const [start, end] = (isNode(found) ? (found as Node).range : undefined) ?? [0, 0]
  return { start, end }
}
