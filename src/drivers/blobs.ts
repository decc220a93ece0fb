import { createHash, randomUUID } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { chmod, copyFile, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Digest } from '../core/digest.ts'
import { UserError } from '../core/errors.ts'
import { digestFile, statIfExists } from './files.ts'

/** Files named by the SHA-256 of their content, at `<stateDir>/blobs/sha256/<hex>`. Safe for several processes at once. */
export interface BlobStore {
  /** Keeps a copy of a file and answers its digest. The copy is complete or absent, also after a crash. */
  putFile(path: string): Promise<{ digest: Digest; bytes: number }>
  /** The absolute path of a blob whose content has just been verified.
   *
   * @throws UserError E_NOT_FOUND when there is none, E_STATE when its content is not what its name says
   */
  verified(digest: Digest): Promise<string>
  /** Writes a blob's content to a file, as a whole or not at all; the new file is verified, and is never a link to the blob. */
  copyTo(digest: Digest, path: string): Promise<void>
}

const DIGEST = /^sha256:([0-9a-f]{64})$/

export function openBlobs(stateDir: string): BlobStore {
  const folder = join(stateDir, 'blobs', 'sha256')
  const pathOf = (digest: Digest): string => {
    const hex = DIGEST.exec(digest)?.[1]
    if (hex === undefined)
      throw new UserError('E_VALUE', `"${digest}" is not a digest`, { hint: 'A digest is sha256: and 64 hex digits.' })
    return join(folder, hex)
  }

  const verified = async (digest: Digest): Promise<string> => {
    const path = pathOf(digest)
    if (!(await statIfExists(path))) {
      throw new UserError('E_NOT_FOUND', `The blob store has no ${digest}`, { hint: `Looked for ${path}.` })
    }
    if ((await digestFile(path)) !== digest) throw corrupted(digest, path)
    return path
  }

  return {
    async putFile(source) {
      await mkdir(folder, { recursive: true })
      const temporary = join(folder, `.${randomUUID()}.tmp`)
      try {
        const { digest, bytes } = await copyHashed(source, temporary)
        const path = pathOf(digest)
        // A blob that is there and whole stays; one that has been damaged is healed by the good copy.
        if ((await statIfExists(path)) === undefined || (await digestFile(path)) !== digest) {
          await chmod(temporary, 0o444)
          await rename(temporary, path)
        }
        return { digest, bytes }
      } finally {
        await rm(temporary, { force: true })
      }
    },
    verified,
    async copyTo(digest, path) {
      const blob = await verified(digest)
      await mkdir(dirname(path), { recursive: true })
      const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`
      try {
        await copyFile(blob, temporary, constants.COPYFILE_FICLONE)
        if ((await digestFile(temporary)) !== digest) throw corrupted(digest, temporary)
        await rename(temporary, path)
      } finally {
        await rm(temporary, { force: true })
      }
    },
  }
}

/** Hashes exactly the bytes that are written, so that a file that changes meanwhile cannot get another's name. */
async function copyHashed(source: string, target: string): Promise<{ digest: Digest; bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  const output = await open(target, 'wx')
  try {
    for await (const chunk of createReadStream(source, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      hash.update(chunk)
      bytes += chunk.length
      await output.writeFile(chunk)
    }
    await output.sync()
  } finally {
    await output.close()
  }
  return { digest: `sha256:${hash.digest('hex')}`, bytes }
}

function corrupted(digest: Digest, path: string): UserError {
  return new UserError('E_STATE', `The content of ${path} is not ${digest}: the file was changed or damaged`, {
    hint: 'Register the model again from its original file: a damaged blob is replaced.',
  })
}
