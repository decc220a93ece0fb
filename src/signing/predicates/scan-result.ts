import { z } from 'zod'

/**
 * The predicate "simple verification result" of in-toto, for the security scan:
 * https://github.com/in-toto/attestation/blob/main/spec/predicates/svr.md
 */
export interface ScanResult {
  readonly verifier: { readonly id: string; readonly plimsoll_version: string }
  readonly timeCreated: string
  /** What holds of the model; none unless the scan passed. */
  readonly properties: readonly string[]
  readonly plimsoll_gate: 'security-scan'
  readonly plimsoll_outcome: string
  readonly plimsoll_level: string
  /** The digest of all rules and allow-lists that it was judged by. */
  readonly plimsoll_ruleset: string
  readonly plimsoll_formats: readonly string[]
  /** Parts that were not looked at; a scan that passed has none. */
  readonly plimsoll_unexamined: readonly string[]
}

export interface ScanFacts {
  readonly verdict: string
  readonly level: string
  readonly ruleset: string
  readonly formats: readonly string[]
  readonly unexamined: readonly string[]
  readonly at: Date
  readonly toolVersion: string
}

export const ScanResultDocument = z.looseObject({
  verifier: z.looseObject({ id: z.string(), plimsoll_version: z.string() }),
  timeCreated: z.iso.datetime(),
  properties: z.array(z.string()),
  plimsoll_outcome: z.string(),
  plimsoll_level: z.string(),
  plimsoll_ruleset: z.string(),
})

/** The property of a model that the scan found nothing in, at the level that it was judged by. */
export const scanProperty = (level: string): string => `PLIMSOLL_SCAN_PASSED_${level.toUpperCase()}`

export function scanResult({ verdict, level, ruleset, formats, unexamined, at, toolVersion }: ScanFacts): ScanResult {
  return {
    verifier: { id: 'https://www.npmjs.com/package/plimsoll#security-scan', plimsoll_version: toolVersion },
    timeCreated: at.toISOString(),
    properties: verdict === 'pass' ? [scanProperty(level)] : [],
    plimsoll_gate: 'security-scan',
    plimsoll_outcome: verdict,
    plimsoll_level: level,
    plimsoll_ruleset: ruleset,
    plimsoll_formats: formats,
    plimsoll_unexamined: unexamined,
  }
}
