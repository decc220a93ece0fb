import { extname, isAbsolute, join, resolve } from 'node:path'
import { z } from 'zod'
import { checkResult } from '../core/check.ts'
import { count } from '../core/counts.ts'
import { shortDigest } from '../core/digest.ts'
import { UserError } from '../core/errors.ts'
import { stepReport } from '../core/report.ts'
import { defineStep, file, type StepContext } from '../core/step.ts'
import { artifactOf, displayPath, requireFile, writeFileAtomic } from '../drivers/files.ts'
import { MODEL_ARTIFACT_TYPE, writeModelImage } from '../release/oci/model-image.ts'
import { verifyLayout } from '../release/oci/verify-layout.ts'
import { chooseModel, modelReads, type ChosenModel } from './chosen-release.ts'
import { REQUIREMENTS_FILE, SBOM_FILE, writeImageBom } from './image-bom.ts'
import { sourceDateEpoch } from './source-date-epoch.ts'

const IMAGE_FILE = 'results/image.json'

const FORMATS: Readonly<Record<string, string>> = { '.onnx': 'onnx', '.pkl': 'pickle', '.pickle': 'pickle', '.joblib': 'joblib' }

const params = z.strictObject({
  version: z
    .string()
    .optional()
    .meta({ value: 'NAME/VERSION' })
    .describe('Registered model version; without it, the one that results/model-version.json names'),
  model: z.string().optional().meta({ value: 'FILE' }).describe('A model file instead of a registered version'),
  include: z
    .array(z.string().meta({ value: 'FILE' }))
    .default([])
    .describe('Files that belong to the model, such as the schema of its rows; they keep their paths'),
  output: z.string().default('results/image').meta({ value: 'FOLDER' }).describe('The image layout to write'),
  source: z.string().optional().meta({ value: 'URL' }).describe('Where the source code is; written into the image'),
})
type Params = z.output<typeof params>

export const buildImage = defineStep({
  name: 'build-image',
  summary: 'Pack a model as an OCI artifact: the same input gives the same digest.',
  params,
  examples: [
    'plimsoll build-image',
    'plimsoll build-image --version mortgage@champion --include schemas/input.json --output results/image',
  ],
  reads: (params) => [...modelReads(params), ...params.include.map(file), file(REQUIREMENTS_FILE)],
  writes: ({ output }) => [file(output), file(IMAGE_FILE), file(SBOM_FILE)],
  async run(context, params) {
    const startedAt = context.clock.now()
    const started = context.clock.monotonic()
    const chosen = await chooseModel(context, params)
    const output = resolve(context.cwd, params.output)
    const image = await imageParts(context, params, chosen)
    const { descriptor, manifest } = await writeModelImage(output, image)
    const { digest } = await verifyLayout(output)
    const components = await writeImageBom(context, image, digest)
    const bytes = [manifest.config, ...manifest.layers].reduce((sum, { size }) => sum + size, descriptor.size)
    const model = { name: chosen.modelName, version: chosen.modelVersion, digest: chosen.modelDigest }
    await writeFileAtomic(
      join(context.cwd, IMAGE_FILE),
      `${JSON.stringify({ schemaVersion: 1, ...descriptor, artifactType: MODEL_ARTIFACT_TYPE, layout: params.output, tag: chosen.modelVersion, model, layers: manifest.layers }, null, 2)}\n`,
    )
    const shown = displayPath(context.cwd, output)
    return stepReport({
      name: 'build-image',
      summary: `${chosen.modelName}:${chosen.modelVersion} in ${shown} (${shortDigest(digest)}), ${count(manifest.layers.length, 'layer')}`,
      subject: { kind: 'image', name: `${chosen.modelName}:${chosen.modelVersion}`, digest },
      startedAt,
      durationMs: context.clock.monotonic() - started,
      results: [
        checkResult({
          check: 'image.integrity',
          title: 'Every blob of the image is what its descriptor says',
          verdict: 'pass',
          message: `${manifest.layers.length + 2} blobs were hashed again after they were written; the image is ${digest}.`,
          measurements: [
            { name: 'size', value: bytes, unit: 'bytes' },
            { name: 'layers', value: manifest.layers.length },
          ],
        }),
        checkResult({
          check: 'image.bill-of-materials',
          title: 'What is in the image, and in what serves it, is listed',
          verdict: 'pass',
          message: `${SBOM_FILE} lists ${count(components, 'component')} (CycloneDX 1.6).`,
          measurements: [{ name: 'components', value: components }],
        }),
      ],
      artifacts: [
        await artifactOf(context.cwd, IMAGE_FILE, 'application/json'),
        await artifactOf(context.cwd, SBOM_FILE, 'application/vnd.cyclonedx+json'),
      ],
      details: { digest, model, annotations: manifest.annotations, layout: shown },
    })
  },
})

async function imageParts(context: StepContext, params: Params, chosen: ChosenModel) {
  const included = new Map<string, string>()
  for (const name of params.include) {
    const path = displayPath(context.cwd, await requireFile(context.cwd, name, 'A file to include'))
    if (isAbsolute(path) || Buffer.byteLength(path) > 100) {
      throw new UserError('E_VALUE', `${name} cannot be in the image`, {
        hint: 'Include files of the project folder, with a path of at most 100 bytes.',
      })
    }
    included.set(path, resolve(context.cwd, path))
  }
  return {
    name: chosen.modelName,
    version: chosen.modelVersion,
    modelDigest: chosen.modelDigest,
    model: { file: chosen.blob, path: `model${chosen.modelExtension}` },
    files: [...included].map(([path, file]) => ({ path, file })),
    format: FORMATS[chosen.modelExtension] ?? extname(`x${chosen.modelExtension}`).slice(1),
    revision: chosen.version?.lineage.code.commit ?? null,
    source: params.source ?? null,
    createdEpoch: sourceDateEpoch(context.env) ?? 0,
  }
}
