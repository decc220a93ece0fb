import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Digest } from '../../core/digest.ts'
import { UserError } from '../../core/errors.ts'
import { statIfExists } from '../../drivers/files.ts'

/** OCI content descriptor (image-spec, descriptor.md). */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: Digest
  /** Bytes. */
  readonly size: number
  readonly artifactType?: string
  readonly annotations?: Readonly<Record<string, string>>
}

/** OCI image manifest (image-spec, manifest.md). */
export interface Manifest {
  readonly schemaVersion: 2
  readonly mediaType: typeof MANIFEST_TYPE
  readonly artifactType?: string
  readonly config: Descriptor
  readonly layers: readonly Descriptor[]
  readonly annotations?: Readonly<Record<string, string>>
}

export interface Index {
  readonly schemaVersion: 2
  readonly mediaType: typeof INDEX_TYPE
  readonly manifests: readonly Descriptor[]
}

export const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json'
export const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json'
const REF_NAME = 'org.opencontainers.image.ref.name'

/** Adds blobs to a layout that is being written. */
export interface LayoutWriter {
  json(mediaType: string, value: unknown): Promise<Descriptor>
  stream(
    mediaType: string,
    chunks: AsyncIterable<Uint8Array>,
    annotations?: Readonly<Record<string, string>>,
  ): Promise<Descriptor>
}

/**
 * Writes an OCI image layout (image-spec, image-layout.md) with one tagged manifest. The folder appears, or is replaced,
 * as a whole. Answers the manifest's descriptor.
 *
 * @throws UserError E_CONFLICT when the folder holds something that is not an image layout
 */
export async function writeLayout(
  folder: string,
  tag: string,
  build: (writer: LayoutWriter) => Promise<Manifest>,
): Promise<Descriptor> {
  await refuseForeignFolder(folder)
  const scratch = `${folder}.${randomUUID().slice(0, 8)}.tmp`
  try {
    const writer = layoutWriter(join(scratch, 'blobs', 'sha256'))
    await mkdir(join(scratch, 'blobs', 'sha256'), { recursive: true })
    const manifest = await build(writer)
    const described = await writer.json(MANIFEST_TYPE, manifest)
    const index: Index = {
      schemaVersion: 2,
      mediaType: INDEX_TYPE,
      manifests: [
        {
          ...described,
          ...(manifest.artifactType !== undefined && { artifactType: manifest.artifactType }),
          annotations: { [REF_NAME]: tag },
        },
      ],
    }
    await writeFile(join(scratch, 'index.json'), JSON.stringify(index))
    await writeFile(join(scratch, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }))
    await replaceFolder(scratch, folder)
    return described
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

function layoutWriter(blobs: string): LayoutWriter {
  const stream: LayoutWriter['stream'] = async (mediaType, chunks, annotations) => {
    const hash = createHash('sha256')
    let size = 0
    const temporary = join(blobs, randomUUID())
    const output = await open(temporary, 'wx')
    try {
      for await (const chunk of chunks) {
        hash.update(chunk)
        size += chunk.length
        await output.writeFile(chunk)
      }
    } finally {
      await output.close()
    }
    const hex = hash.digest('hex')
    await rename(temporary, join(blobs, hex))
    return { mediaType, digest: `sha256:${hex}`, size, ...(annotations && { annotations }) }
  }
  const once = async function* (text: string): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text)
  }
  return { stream, json: (mediaType, value) => stream(mediaType, once(JSON.stringify(value))) }
}

/** What the user has in a folder of that name is not ours to delete. */
async function refuseForeignFolder(folder: string): Promise<void> {
  const found = await statIfExists(folder)
  if (!found) return
  if (found.isDirectory() && ((await readdir(folder)).length === 0 || (await statIfExists(join(folder, 'oci-layout'))))) return
  throw new UserError('E_CONFLICT', `${folder} exists and is not an OCI image layout`, {
    hint: 'Name another folder with --output, or remove this one.',
  })
}

async function replaceFolder(scratch: string, folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  const old = `${folder}.${randomUUID().slice(0, 8)}.old`
  const replaces = (await statIfExists(folder)) !== undefined
  if (replaces) await rename(folder, old)
  await rename(scratch, folder)
  if (replaces) await rm(old, { recursive: true, force: true })
}
