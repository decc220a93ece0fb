import { shortKeyId, type PublicKey } from './keys.ts'
import { isSignedBy, parseBundle, type Bundle } from './bundle.ts'
import { gateOf, type Gate } from './gate.ts'
import { parseStatement, type Statement } from './statement.ts'
import type { TrustPolicy } from './trust-policy.ts'

/** A bundle that is put forward for a model: a file, or a row of the registry. */
export interface Evidence {
  /** As shown: the file's path, or `mortgage/3 model-tests`. */
  readonly name: string
  readonly text: string
  /** What the registry's row says of it; what the bundle itself says must agree. */
  readonly row?: { readonly gate: string; readonly subject: string; readonly keyId: string; readonly publicKey: string }
}

/** Evidence that a trusted key or identity has signed. */
export interface Trusted {
  readonly name: string
  readonly text: string
  readonly statement: Statement
  readonly gate: Gate | undefined
  /** Who signed it, as shown: `key ci.pub (0123456789ab)`. */
  readonly by: string
}

interface Signer {
  readonly by: string
  /** Null: it may speak of everything. */
  readonly for: readonly Gate[] | null
  readonly key?: PublicKey
}

/** Checks the signatures that certificates vouch for; answers who signed, or why it is not known. */
export type VerifyIdentity = (bundle: Bundle) => Promise<Signer | { readonly problem: string }>

/** Opens a bundle and finds out who signed it; `problem` is a sentence that names it and what is wrong. */
export async function openEvidence(
  { name, text, row }: Evidence,
  policy: Pick<TrustPolicy, 'keys'>,
  verifyIdentity: VerifyIdentity,
): Promise<Trusted | { readonly problem: string }> {
  const bundle = parseBundle(text)
  if ('problem' in bundle) return { problem: `${name}: ${bundle.problem}` }
  const signer: Signer | { readonly problem: string } =
    bundle.hint === null ? await verifyIdentity(bundle) : signerOf(bundle, bundle.hint, policy)
  if ('problem' in signer) return { problem: `${name}: ${signer.problem}` }
  const statement = parseStatement(bundle.payload)
  if ('problem' in statement) return { problem: `${name}: ${statement.problem}` }
  const gate = gateOf(statement)
  const disagreement = row && rowProblem(row, statement, gate, signer.key)
  if (disagreement) return { problem: `${name}: ${disagreement}` }
  if (signer.for !== null && (gate === undefined || !signer.for.includes(gate))) {
    return {
      problem: `${name}: it is signed by ${signer.by}, which is trusted for ${signer.for.join(', ')} and not for ${gate ?? statement.predicateType}`,
    }
  }
  return { name, text, statement, gate, by: signer.by }
}

function signerOf(bundle: Bundle, hint: string, { keys }: Pick<TrustPolicy, 'keys'>): Signer | { readonly problem: string } {
  const meant = keys.find(({ key }) => key.isMeantBy(hint))
  const shown = (name: string, key: PublicKey) => `key ${name} (${shortKeyId(key)})`
  if (meant) {
    const by = shown(meant.name, meant.key)
    if (isSignedBy(bundle, meant.key)) return { by, for: meant.for, key: meant.key }
    return { problem: `its payload or its signature was changed after it was signed: the signature of ${by} does not fit` }
  }
  const other = keys.find(({ key }) => isSignedBy(bundle, key))
  if (other) {
    return {
      problem: `the name of its key was changed: it is signed by ${shown(other.name, other.key)} and says "${clip(hint)}"`,
    }
  }
  const trusted = keys.map(({ name, key }) => shown(name, key)).join(', ') || 'none'
  return { problem: `it is signed by a key that is not trusted ("${clip(hint)}"), or was changed; trusted: ${trusted}` }
}

function rowProblem(
  row: NonNullable<Evidence['row']>,
  statement: Statement,
  gate: Gate | undefined,
  key: PublicKey | undefined,
): string | undefined {
  const says = (what: string, inRow: string, signed: string) =>
    `the registry's row was changed: it says that the ${what} is ${clip(inRow)}, and what was signed says ${signed}`
  if (row.gate !== (gate ?? statement.predicateType)) return says('gate', row.gate, gate ?? statement.predicateType)
  const subject = statement.subject[0]?.digest?.['sha256'] ?? 'none'
  if (row.subject !== subject) return says('subject', row.subject, subject)
  if (key !== undefined && row.keyId !== key.id) return says('key', row.keyId, key.id)
  if (key !== undefined && row.publicKey !== key.pem) return says('public key', row.publicKey, key.pem)
  return undefined
}

const clip = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text)
