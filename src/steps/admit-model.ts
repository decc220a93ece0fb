import type { Digest } from '../core/digest.ts'
import { UserError } from '../core/errors.ts'
import type { StepContext } from '../core/step.ts'
import { displayPath } from '../drivers/files.ts'
import { scanFile } from '../security/scan.ts'
import { scanHint } from './scan-hint.ts'

/**
 * The gate before a model that can run code is loaded: it is scanned, and the digest of what was scanned is answered. Whoever
 * loads it makes sure that the bytes it loads have that digest.
 *
 * @throws UserError E_MODEL_UNSCANNED unless the scan passed
 */
export function admitModel(context: Pick<StepContext, 'cwd' | 'signal'>): (absolutePath: string) => Promise<Digest> {
  return async (path) => {
    const shown = displayPath(context.cwd, path)
    const scan = await scanFile(path, { signal: context.signal, display: () => shown })
    if (scan.verdict === 'pass') return scan.digest
    const [first] = scan.findings
    const what = scan.verdict === 'fail' ? 'the security scan refuses it' : 'the security scan could not examine all of it'
    throw new UserError('E_MODEL_UNSCANNED', `${shown} is not loaded: ${what}. ${first?.message ?? ''}`.trim(), {
      hint: `${scanHint(scan)} All findings: plimsoll security-scan ${shown}`,
      ...(first?.location && { location: first.location }),
    })
  }
}
