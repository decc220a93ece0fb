import { sha256 } from '../../core/digest.ts'
import type { Placed } from './results.ts'

/** What says the same of a finding after the file was written again: never an offset, a count or an argument. */
const LASTING = ['opcode', 'module', 'name', 'operator', 'member', 'class', 'key', 'column', 'fingerprint', 'snippet']

/**
 * What makes a finding the same one in the next report: its rule, its file and what was found, without what changes when the file is
 * written again. Several of the same are told apart by their ordinal in the report.
 */
export class Fingerprints {
  readonly #seen = new Map<string, number>()

  /** 16 hexadecimal digits and the ordinal. */
  of(placed: Placed): string {
    const identity = JSON.stringify([placed.rule, placed.location.file, lastingPart(placed)])
    const nth = (this.#seen.get(identity) ?? 0) + 1
    this.#seen.set(identity, nth)
    return `${sha256(identity).slice('sha256:'.length, 'sha256:'.length + 16)}:${nth}`
  }
}

function lastingPart({ evidence, message }: Placed): unknown {
  if (evidence !== null && typeof evidence === 'object' && !Array.isArray(evidence)) {
    const facts = evidence as Record<string, unknown>
    const kept = LASTING.filter((key) => typeof facts[key] === 'string').map((key) => [key, facts[key]])
    if (kept.length > 0) return kept
  }
  return message.replaceAll(/\d[\d,._]*/g, '#')
}
