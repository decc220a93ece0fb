import { closing } from '../core/closing.ts'
import { messageOf } from '../core/errors.ts'
import { isSignedBy, parseBundle } from './bundle.ts'
import { gateOf } from './gate.ts'
import { readPublicKey } from './read-key.ts'
import { parseStatement, subjectsOf } from './statement.ts'
import { openAttestations, type StoredAttestation } from './store.ts'

/** What is wrong with a signed statement that the registry keeps. */
export interface StoredProblem {
  /** `mortgage/3 model-tests (attestation 12)` */
  readonly what: string
  readonly problem: string
}

/**
 * Whether every attestation of a state folder still is what was put there: that its signature fits the key that stands beside
 * it, and that its row says what was signed. Whom to trust is another question, which `plimsoll verify` asks.
 */
export function checkStoredAttestations(stateDir: string): {
  readonly checked: number
  readonly problems: readonly StoredProblem[]
} {
  const rows = closing(openAttestations(stateDir), (store) => store.list())
  const problems = rows.flatMap((row) => {
    const problem = problemOf(row)
    return problem === undefined ? [] : [{ what: nameOf(row), problem }]
  })
  return { checked: rows.length, problems }
}

export const nameOf = ({ model, version, gate, id }: StoredAttestation): string =>
  `${model}/${version} ${gate} (attestation ${id})`

function problemOf({ gate, subject, keyId, publicKey, bundle: text }: StoredAttestation): string | undefined {
  const bundle = parseBundle(text)
  if ('problem' in bundle) return bundle.problem
  const statement = parseStatement(bundle.payload)
  if ('problem' in statement) return statement.problem
  if (gate !== (gateOf(statement) ?? statement.predicateType))
    return `its row says ${gate}, and what was signed is ${statement.predicateType}`
  if (!subjectsOf(statement).includes(subject))
    return `its row says that it is about ${subject}, and what was signed is about ${subjectsOf(statement).join(', ')}`
  if (bundle.hint === null) return undefined // A certificate is checked with the network, by `plimsoll verify`.
  try {
    const key = readPublicKey(publicKey, 'its key')
    if (key.id !== keyId || !key.isMeantBy(bundle.hint)) return `its row, its key and its bundle name different keys`
    return isSignedBy(bundle, key) ? undefined : 'its payload or its signature was changed after it was signed'
  } catch (error) {
    return messageOf(error)
  }
}
