import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256, type Digest } from '../../core/digest.ts'
import { UserError } from '../../core/errors.ts'
import { digestFile, statIfExists } from '../../drivers/files.ts'
import { MANIFEST_TYPE, type Descriptor, type Index, type Manifest } from './layout.ts'

/** Larger JSON documents of a layout are refused before they are read; registries refuse manifests above 4 MiB as well. */
const LARGEST_DOCUMENT = 4 << 20
const DIGEST = /^sha256:[0-9a-f]{64}$/

/** An image layout with one manifest, every descriptor of which has been checked against its bytes. */
export interface VerifiedLayout {
  readonly digest: Digest
  readonly manifest: Manifest
}

/**
 * Reads a layout that holds one manifest, and hashes every blob that it refers to.
 *
 * @throws UserError E_FILE_MISSING, E_FILE_FORMAT; E_STATE when a blob is not what its descriptor says
 */
export async function verifyLayout(folder: string): Promise<VerifiedLayout> {
  if (!(await statIfExists(join(folder, 'oci-layout')))) {
    throw new UserError('E_FILE_MISSING', `${folder} is not an OCI image layout`, { hint: 'Make one with plimsoll build-image.' })
  }
  const index = parse<Index>(await readBounded(join(folder, 'index.json')), join(folder, 'index.json'))
  const [described, ...others] = Array.isArray(index.manifests) ? index.manifests : []
  if (described === undefined || others.length > 0 || described.mediaType !== MANIFEST_TYPE) {
    throw new UserError('E_FILE_FORMAT', `${folder} must hold exactly one image manifest`)
  }
  const path = blobPath(folder, described)
  const bytes = await readBounded(path)
  if (sha256(bytes) !== described.digest || bytes.length !== described.size) throw damaged(described.digest, folder)
  const manifest = parse<Manifest>(bytes, path)
  if (!Array.isArray(manifest.layers)) throw new UserError('E_FILE_FORMAT', `${path} is not an image manifest`)
  for (const blob of [manifest.config, ...manifest.layers]) await verifyBlob(folder, blob)
  return { digest: described.digest, manifest }
}

async function verifyBlob(folder: string, descriptor: Descriptor): Promise<void> {
  const path = blobPath(folder, descriptor)
  const found = await statIfExists(path)
  if (found?.size !== descriptor.size || (await digestFile(path)) !== descriptor.digest) throw damaged(descriptor.digest, folder)
}

function blobPath(folder: string, descriptor: Descriptor | undefined): string {
  if (!DIGEST.test(descriptor?.digest ?? ''))
    throw new UserError('E_FILE_FORMAT', `${folder} has a descriptor without a SHA-256 digest`)
  return join(folder, 'blobs', 'sha256', descriptor!.digest.slice('sha256:'.length))
}

async function readBounded(path: string): Promise<Buffer> {
  const found = await statIfExists(path)
  if (!found?.isFile()) throw new UserError('E_FILE_MISSING', `The image layout is incomplete: ${path} does not exist`)
  if (found.size > LARGEST_DOCUMENT)
    throw new UserError('E_FILE_FORMAT', `${path} is too large to be a manifest: ${found.size} bytes`)
  return readFile(path)
}

function parse<T extends object>(bytes: Buffer, path: string): T {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    if (typeof value === 'object' && value !== null) return value as T
  } catch {
    // Said below.
  }
  throw new UserError('E_FILE_FORMAT', `${path} is not a JSON object`)
}

function damaged(digest: Digest, folder: string): UserError {
  return new UserError('E_STATE', `A blob of ${folder} is not ${digest}: it was changed or damaged`, {
    hint: 'Build the image again with plimsoll build-image.',
  })
}
