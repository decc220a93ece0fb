import { Enums, Models } from '@cyclonedx/cyclonedx-library'
import { documentOf, newBom, property, sha256Hash, type BomOptions, type Json } from './cyclonedx.ts'
import type { InstalledPackage } from './installed-packages.ts'
import { packageLicense } from './licenses.ts'
import type { NamedFile } from './model-facts.ts'
import type { Requirement } from './requirements.ts'

/** What is served, and what serves it. */
export interface Runtime {
  readonly name: string
  readonly version: string
  /** Of the image's manifest. */
  readonly imageDigest: string
  readonly model: NamedFile
  /** What else is in the image. */
  readonly files: readonly NamedFile[]
  /** `20.19.0` */
  readonly nodeVersion: string
  /** The server with its packages, as `installedPackages` answers them. */
  readonly packages: ReadonlyMap<string, InstalledPackage>
  /** What a Python model asks for; null for models that need no Python. */
  readonly python: { readonly file: string; readonly requirements: readonly Requirement[] } | null
}

/** The CycloneDX 1.6 bill of materials of an image and of the runtime that serves it. */
export function runtimeBom(runtime: Runtime, options: BomOptions): Json {
  const image = new Models.Component(Enums.ComponentType.Container, runtime.name, {
    bomRef: 'image',
    version: runtime.version,
    hashes: sha256Hash(runtime.imageDigest),
  })
  const bom = newBom(image, options)
  const add = (component: Models.Component, of: Models.Component = image): Models.Component => {
    bom.components.add(component)
    of.dependencies.add(component.bomRef)
    return component
  }
  add(fileComponent(Enums.ComponentType.MachineLearningModel, 'model', runtime.model))
  for (const file of runtime.files) add(fileComponent(Enums.ComponentType.File, `file:${file.path}`, file))
  addServer(runtime, bom, add)
  for (const requirement of runtime.python?.requirements ?? []) add(pythonComponent(requirement))
  if (runtime.python !== null) image.properties.add(property('python-packages-from', runtime.python.file))
  return documentOf(bom)
}

type Add = (component: Models.Component, of?: Models.Component) => Models.Component

/** Node, and the server's packages with who needs whom. */
function addServer({ packages, nodeVersion }: Runtime, bom: Models.Bom, add: Add): void {
  const made = new Map([...packages].map(([key, each]) => [key, packageComponent(key, each)]))
  const [server, ...others] = made.values()
  if (server) add(server)
  for (const other of others) bom.components.add(other)
  for (const [key, { needs }] of packages) {
    for (const needed of needs) made.get(key)!.dependencies.add(made.get(needed)!.bomRef)
  }
  add(
    new Models.Component(Enums.ComponentType.Platform, 'node', {
      bomRef: `pkg:generic/node@${nodeVersion}`,
      version: nodeVersion,
      purl: `pkg:generic/node@${nodeVersion}`,
    }),
    server,
  )
}

function fileComponent(type: Enums.ComponentType, bomRef: string, { path, digest }: NamedFile): Models.Component {
  return new Models.Component(type, path, { bomRef, hashes: sha256Hash(digest) })
}

function packageComponent(key: string, { name, version, license, description }: InstalledPackage): Models.Component {
  const [scope, bare] = name.startsWith('@') ? (name.split('/') as [string, string]) : [undefined, name]
  const purl = `pkg:npm/${scope === undefined ? '' : `${encodeURIComponent(scope)}/`}${bare}@${encodeURIComponent(version)}`
  const licensed = packageLicense(license)
  return new Models.Component(Enums.ComponentType.Library, bare, {
    bomRef: `npm:${key}`,
    version,
    purl,
    ...(scope !== undefined && { group: scope }),
    ...(description !== undefined && { description }),
    licenses: new Models.LicenseRepository(licensed ? [licensed] : []),
  })
}

function pythonComponent({ name, version, line }: Requirement): Models.Component {
  const purl = `pkg:pypi/${name}${version === null ? '' : `@${encodeURIComponent(version)}`}`
  return new Models.Component(Enums.ComponentType.Library, name, {
    bomRef: `pypi:${line}`,
    ...(version !== null && { version }),
    purl,
    properties: new Models.PropertyRepository([property('requirement', line)]),
  })
}
