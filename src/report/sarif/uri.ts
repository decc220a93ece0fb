/** The base that relative paths are resolved against: the root of the sources, as GitHub and editors understand it. */
export const SOURCE_ROOT = '%SRCROOT%'

/** A path as a URI (RFC 3986) with its base when it is relative. */
export function artifactLocation(path: string): { uri: string; uriBaseId?: string } {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) return { uri: encodePath(path).replace(/^([a-z][a-z0-9+.-]+)%3A\/\//i, '$1://') }
  if (/^[A-Za-z]:[\\/]/.test(path))
    return { uri: `file:///${path.slice(0, 2)}${encodePath(path.slice(2).replaceAll('\\', '/'))}` }
  if (path.startsWith('/')) return { uri: `file://${encodePath(path)}` }
  return { uri: encodePath(path.replace(/^(\.\/+)+/, '') || '.'), uriBaseId: SOURCE_ROOT }
}

const encodePath = (path: string): string => path.split('/').map(encodeSegment).join('/')

/** Names of files need not be Unicode; half of a surrogate pair has no encoding. */
const encodeSegment = (segment: string): string => encodeURIComponent(segment.replace(LONE_SURROGATE, '\ufffd'))

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
