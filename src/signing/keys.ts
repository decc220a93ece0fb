import { createHash, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto'
import { UserError } from '../core/errors.ts'

/** Kinds of keys that `generateKeys` makes; see docs/guides/signing.md for which tools take which. */
export const KEY_TYPES = ['ecdsa-p256', 'ed25519'] as const
export type NewKeyType = (typeof KEY_TYPES)[number]
export type KeyType = NewKeyType | 'ecdsa-p384' | 'ecdsa-p521'

/** The hash that goes with a curve, as the Sigstore specifications pair them. Ed25519 hashes by itself. */
const HASHES: Readonly<Record<KeyType, string | null>> = {
  'ecdsa-p256': 'sha256',
  'ecdsa-p384': 'sha384',
  'ecdsa-p521': 'sha512',
  ed25519: null,
}
const CURVES: Readonly<Record<string, KeyType>> = { prime256v1: 'ecdsa-p256', secp384r1: 'ecdsa-p384', secp521r1: 'ecdsa-p521' }

/** The half of a key that everybody may have. */
export class PublicKey {
  readonly type: KeyType
  /** SHA-256 of the key's SubjectPublicKeyInfo in DER, in hex. */
  readonly id: string
  /** SubjectPublicKeyInfo in PEM, as in a `.pub` file. */
  readonly pem: string
  readonly #key: KeyObject

  /** @throws UserError E_VALUE for a kind of key that is not used for signing here */
  constructor(key: KeyObject, shown: string) {
    this.#key = key
    this.type = typeOf(key, shown)
    const der = key.export({ type: 'spki', format: 'der' })
    this.pem = key.export({ type: 'spki', format: 'pem' }) as string
    this.id = createHash('sha256').update(der).digest('hex')
  }

  /** How bundles point to the key: cosign by its DER in base64, model-signing by its PEM in hex. */
  get hints(): { readonly cosign: string; readonly modelSigning: string } {
    return {
      cosign: Buffer.from(this.id, 'hex').toString('base64'),
      modelSigning: createHash('sha256').update(this.pem).digest('hex'),
    }
  }

  isMeantBy(hint: string): boolean {
    return hint === this.id || Object.values(this.hints).includes(hint)
  }

  verifies(data: Uint8Array, signature: Uint8Array): boolean {
    return verify(HASHES[this.type], data, this.#key, signature)
  }
}

/** The half of a key that nobody else may have. It stays in node:crypto and cannot be printed from here. */
export class SigningKey {
  readonly public: PublicKey
  readonly #key: KeyObject

  constructor(key: KeyObject, shown: string) {
    this.#key = key
    this.public = new PublicKey(createPublicKey(key), shown)
  }

  sign(data: Uint8Array): Buffer {
    return sign(HASHES[this.public.type], data, this.#key)
  }
}

/** Twelve hex digits of a key's id, as shown to people. */
export const shortKeyId = ({ id }: Pick<PublicKey, 'id'>): string => id.slice(0, 12)

export interface KeyFiles {
  /** PKCS#8, PEM; encrypted when a password was given. Secret. */
  readonly secret: Buffer
  readonly public: PublicKey
}

/**
 * A new pair of keys.
 *
 * @param password encrypts the secret half (AES-256 in CBC mode, PBKDF2); it is written as it is when undefined
 */
export function generateKeys(type: NewKeyType, password: string | undefined): KeyFiles {
  const { privateKey, publicKey } =
    type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const locked = password === undefined ? {} : { cipher: 'aes-256-cbc', passphrase: password }
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem', ...locked })
  return { secret: Buffer.from(pem), public: new PublicKey(publicKey, 'the new key') }
}

function typeOf(key: KeyObject, shown: string): KeyType {
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519'
  const curve = key.asymmetricKeyType === 'ec' ? (key.asymmetricKeyDetails?.namedCurve ?? '') : ''
  const type = Object.hasOwn(CURVES, curve) ? CURVES[curve] : undefined
  if (type !== undefined) return type
  throw new UserError(
    'E_VALUE',
    `${shown} is a key of a kind that is not used here: ${key.asymmetricKeyType}${curve && ` ${curve}`}`,
    {
      hint: 'Use ECDSA on P-256, P-384 or P-521, or Ed25519: plimsoll keys generate',
    },
  )
}
