import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library'
import { digestOf } from '../core/digest.ts'

/** Any JSON object; what the library does not model is added to it. */
export type Json = Record<string, unknown>

export interface BomOptions {
  /** Plimsoll's own version. */
  readonly toolVersion: string
  /** When, for the metadata; never the time of the call, so that the same input gives the same document. ISO 8601. */
  readonly timestamp: string
}

const hexOf = (digest: string): string => digest.replace(/^sha256:/, '')

/** The hashes of a component. */
export function sha256Hash(digest: string): Models.HashDictionary {
  return new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], hexOf(digest)]])
}

/** A property with a name of ours. */
export function property(name: string, value: string | number | boolean): Models.Property {
  return new Models.Property(`plimsoll:${name}`, String(value))
}

/** A bill of materials of CycloneDX 1.6 about one component, with Plimsoll as the tool that made it. */
export function newBom(subject: Models.Component, { toolVersion, timestamp }: BomOptions): Models.Bom {
  const tool = new Models.Component(Enums.ComponentType.Application, 'plimsoll', { version: toolVersion })
  return new Models.Bom({
    version: 1,
    metadata: new Models.Metadata({
      timestamp: new Date(timestamp),
      tools: new Models.Tools({ components: new Models.ComponentRepository([tool]) }),
      component: subject,
    }),
  })
}

/** The document of a bill of materials, its lists sorted. `extend` adds what the library does not model. */
export function documentOf(bom: Models.Bom, extend: (document: Json) => void = () => {}): Json {
  const factory = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6)
  const normalized = factory.makeForBom().normalize(bom, { sortLists: true }) as unknown as Json
  const document: Json = { $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json', ...normalized }
  extend(document)
  const { $schema, bomFormat, specVersion, serialNumber: _none, ...rest } = document
  return { $schema, bomFormat, specVersion, serialNumber: serialNumberOf(rest), ...rest }
}

/** A UUID made from the content (version 8, RFC 9562): the same content has the same serial number, another content another. */
function serialNumberOf(content: unknown): string {
  const hex = hexOf(digestOf(content))
  const variant = ((parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16)
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
