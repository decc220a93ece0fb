import { UserError } from '../../core/errors.ts'
import { displayUrl } from '../http.ts'

/** Whether data is named by an address, and not by a path. */
export const isRemote = (path: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(path)

/** An address, or a path, as it may be shown: signatures stand in the query of a URL, and passwords before its host. */
export const displayAddress = (path: string): string => (isRemote(path) ? displayUrl(path) || path : path)

/** Where data is in an object store. */
export interface S3Address {
  readonly bucket: string
  /** A key; a prefix when it is empty or ends in a slash; or a glob over keys. */
  readonly key: string
}

export type Address = { readonly kind: 'http'; readonly url: URL } | ({ readonly kind: 's3' } & S3Address)

/** @throws UserError E_VALUE for an address that is none, or of another kind */
export function parseAddress(address: string): Address {
  const scheme = /^[a-z0-9+.-]+/i.exec(address)![0].toLowerCase()
  if (scheme === 's3') return { kind: 's3', ...parseS3(address) }
  if ((scheme === 'http' || scheme === 'https') && URL.canParse(address)) return { kind: 'http', url: new URL(address) }
  throw new UserError('E_VALUE', `Data cannot be read from ${displayAddress(address)}`, {
    hint: 'Name a file, a folder, a glob, an http:// or https:// URL, or s3://BUCKET/KEY.',
  })
}

function parseS3(address: string): S3Address {
  const parts = /^s3:\/\/([A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9])(?:\/(.*))?$/is.exec(address)
  const key = parts?.[2] ?? ''
  // A URL would resolve these segments, and ask for another key.
  if (parts && !key.split('/').some((part) => part === '.' || part === '..')) return { bucket: parts[1]!, key }
  throw new UserError('E_VALUE', 'An address in an object store is s3://BUCKET/KEY', {
    hint: 'KEY is that of an object, a prefix that ends in a slash, or a glob such as data/*.parquet.',
  })
}
