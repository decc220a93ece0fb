import { createPrivateKey, createPublicKey } from 'node:crypto'
import { UserError } from '../core/errors.ts'
import { PublicKey, SigningKey } from './keys.ts'

const MAKE = 'Make one with plimsoll keys generate.'

/**
 * The secret half of a key, from the text of its PEM file.
 *
 * @param shown how the key is called in errors; never its content
 * @throws UserError E_FILE_FORMAT, E_VALUE; no error holds anything of the key or of the password
 */
export function readSigningKey(pem: string, password: string | undefined, shown: string): SigningKey {
  const label = labelOf(pem)
  if (label === undefined) throw new UserError('E_FILE_FORMAT', `${shown} is not a key in PEM`, { hint: MAKE })
  if (label === 'PUBLIC KEY') {
    throw new UserError('E_VALUE', `${shown} is the public half of a key, and signing takes the secret half`, {
      hint: 'Name the .key file beside it.',
    })
  }
  if (label.includes('SIGSTORE') || label.includes('COSIGN')) {
    throw new UserError('E_FILE_FORMAT', `${shown} is encrypted the way of cosign, which cannot be opened here`, {
      hint: `${MAKE} cosign import-key-pair makes it a key of cosign too.`,
    })
  }
  const isLocked = label === 'ENCRYPTED PRIVATE KEY' || pem.includes('Proc-Type: 4,ENCRYPTED')
  if (isLocked && password === undefined) {
    throw new UserError('E_VALUE', `${shown} is encrypted`, { hint: 'Set PLIMSOLL_KEY_PASSWORD to its password.' })
  }
  try {
    return new SigningKey(createPrivateKey({ key: pem, ...(isLocked && { passphrase: password }) }), shown)
  } catch (error) {
    if (error instanceof UserError) throw error
    // What OpenSSL says of it is left out: it is of no use to the reader, and is about secrets.
    const why = isLocked ? 'the password in PLIMSOLL_KEY_PASSWORD is not its password, or it is damaged' : 'it is damaged'
    throw new UserError('E_FILE_FORMAT', `${shown} cannot be opened: ${why}`, { hint: MAKE })
  }
}

/**
 * The public half of a key, from the text of its PEM file.
 *
 * @throws UserError E_FILE_FORMAT, E_VALUE
 */
export function readPublicKey(pem: string, shown: string): PublicKey {
  const label = labelOf(pem)
  if (label?.includes('PRIVATE')) {
    throw new UserError('E_VALUE', `${shown} is the secret half of a key, and only the public half is needed`, {
      hint: 'Name the .pub file beside it, and keep the .key file where only the signer can read it.',
    })
  }
  if (label !== 'PUBLIC KEY') {
    throw new UserError('E_FILE_FORMAT', `${shown} is not a public key in PEM`, {
      hint: 'It begins with -----BEGIN PUBLIC KEY-----. plimsoll keys generate writes one.',
    })
  }
  const damaged = () =>
    new UserError('E_FILE_FORMAT', `${shown} cannot be read: it is damaged`, { hint: 'Get it again from who gave it to you.' })
  try {
    const key = new PublicKey(createPublicKey(pem), shown)
    // OpenSSL passes over much that does not belong there.
    if (pem.replaceAll('\r\n', '\n').trim() !== key.pem.trim()) throw damaged()
    return key
  } catch (error) {
    if (error instanceof UserError) throw error
    throw damaged()
  }
}

/** `PUBLIC KEY`; undefined when the text is no PEM. */
export const labelOf = (pem: string): string | undefined => /^\s*-----BEGIN ([A-Z0-9 ]{1,60})-----\r?\n/.exec(pem)?.[1]
