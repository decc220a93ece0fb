import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Digest } from '../core/digest.ts'
import type { StepContext } from '../core/step.ts'
import { installedPackages } from '../bom/installed-packages.ts'
import { parseRequirements } from '../bom/requirements.ts'
import { runtimeBom, type Runtime } from '../bom/runtime-bom.ts'
import { digestFile, statIfExists, writeFileAtomic } from '../drivers/files.ts'
import { packageRoot, version } from '../drivers/self.ts'
import type { ModelImage } from '../release/oci/model-image.ts'

/** The bill of materials of the image and of what serves it. */
export const SBOM_FILE = 'results/sbom.cdx.json'
/** Says which Python packages a model needs. */
export const REQUIREMENTS_FILE = 'requirements.txt'

const PYTHON_MODELS: ReadonlySet<string> = new Set(['.pkl', '.pickle', '.joblib'])

/** Writes the bill of materials of an image that has just been built. Answers how many components it lists. */
export async function writeImageBom(context: StepContext, image: ModelImage, imageDigest: Digest): Promise<number> {
  const extension = image.model.path.slice(image.model.path.lastIndexOf('.'))
  const runtime: Runtime = {
    name: image.name,
    version: image.version,
    imageDigest,
    model: { path: image.model.path, digest: image.modelDigest },
    files: await Promise.all(image.files.map(async ({ file, path }) => ({ path, digest: await digestFile(file) }))),
    nodeVersion: process.versions.node,
    packages: await installedPackages(packageRoot),
    python: PYTHON_MODELS.has(extension) ? await pythonOf(context.cwd) : null,
  }
  const timestamp = new Date(image.createdEpoch * 1000).toISOString()
  const document = runtimeBom(runtime, { toolVersion: version(), timestamp })
  await writeFileAtomic(join(context.cwd, SBOM_FILE), `${JSON.stringify(document, null, 2)}\n`)
  return (document['components'] as unknown[]).length
}

async function pythonOf(cwd: string): Promise<Runtime['python']> {
  const path = join(cwd, REQUIREMENTS_FILE)
  if (!(await statIfExists(path))) return null
  return { file: REQUIREMENTS_FILE, requirements: parseRequirements(await readFile(path, 'utf8')) }
}
