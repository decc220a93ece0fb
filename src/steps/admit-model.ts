import { extname } from 'node:path'
import type { Digest } from '../core/digest.ts'
import { UserError } from '../core/errors.ts'
import type { StepContext } from '../core/step.ts'
import { displayPath } from '../drivers/files.ts'
import type { FileScan } from '../security/file-scan.ts'
import type { Level } from '../security/level.ts'
import { rulesetDigest } from '../security/policy/ruleset.ts'
import { scanFile } from '../security/scan.ts'
import { projectAllowances } from './project-allowances.ts'
import { scanHint, worstFinding } from './scan-hint.ts'

const LEVEL: Level = 'framework'

/** A scan with what it was judged by. */
export interface AdmissionScan {
  readonly scan: FileScan
  readonly level: Level
  /** Digest of the rules. */
  readonly ruleset: string
}

/**
 * The gate before any model is loaded, registered or deployed: it is scanned, and the digest of what was scanned is answered.
 * Whoever loads it makes sure that the bytes it loads have that digest.
 *
 * No verdict is remembered: the scan costs little more than the hash that is needed anyway, and a remembered verdict would be a
 * row that somebody could write.
 *
 * @throws UserError E_MODEL_UNSCANNED unless the scan passed
 */
export function admitModel(context: Pick<StepContext, 'cwd' | 'signal'>): (absolutePath: string) => Promise<Digest> {
  return async (path) => {
    const { scan } = await scanForAdmission(context, path)
    requireAdmitted(scan, displayPath(context.cwd, path), 'loaded')
    return scan.digest
  }
}

/**
 * The scan of that gate, whatever it says.
 *
 * @param name the file's own name, where the path is one of a blob store and has no extension
 */
export async function scanForAdmission(
  { cwd, signal }: Pick<StepContext, 'cwd' | 'signal'>,
  path: string,
  name?: string,
): Promise<AdmissionScan> {
  const shown = displayPath(cwd, path)
  const display = () => (name === undefined ? shown : `${shown}${extname(name)}`)
  const allow = await projectAllowances(cwd)
  return { scan: await scanFile(path, { signal, display, level: LEVEL, allow }), level: LEVEL, ruleset: rulesetDigest() }
}

/**
 * @param use completes "artifacts/model.pkl is not …"
 * @throws UserError E_MODEL_UNSCANNED unless the scan passed
 */
export function requireAdmitted(scan: FileScan, shown: string, use: 'loaded' | 'signed' | 'deployed'): void {
  if (scan.verdict === 'pass') return
  const first = worstFinding(scan)
  const what = scan.verdict === 'fail' ? 'the security scan refuses it' : 'the security scan could not examine all of it'
  throw new UserError('E_MODEL_UNSCANNED', `${shown} is not ${use}: ${what}. ${first?.message ?? ''}`.trim(), {
    hint: `${scanHint(scan)} All findings: plimsoll security-scan ${shown}`,
    ...(first?.location && { location: first.location }),
  })
}
