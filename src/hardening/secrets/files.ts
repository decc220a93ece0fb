import type { HardeningFinding } from '../finding.ts'
import type { TextFile } from '../text-file.ts'
import { secretsIn, type FoundSecret } from './find.ts'

/** Keys of tests and examples open nothing; tokens do wherever they stand. */
const FOR_SHOW = /(?:^|\/)(?:tests?|testdata|fixtures?|__tests__|spec|examples?|docs?|samples?|mocks?)\//i
const BY_STRUCTURE = new Set(['private key', 'password in the URL of a service', 'JSON Web Token'])

/** The secrets in a file. */
export function secretsInFile(file: TextFile): HardeningFinding[] {
  return secretsIn(file.text).map((secret) => ({
    rule: 'secret.in-file' as const,
    severity: severityOf(secret, file.path),
    message: `${secret.title} ${secret.masked} (sha256 ${secret.fingerprint})`,
    replacement: `revoke it (${secret.revoke}), and read its successor from the environment`,
    fingerprint: secret.fingerprint,
    ...file.at(secret.offset),
  }))
}

export const severityOf = (secret: FoundSecret, path: string): FoundSecret['severity'] =>
  BY_STRUCTURE.has(secret.title) && FOR_SHOW.test(path) ? 'low' : secret.severity
