import { Models, SPDX } from '@cyclonedx/cyclonedx-library'

/** A licence as CycloneDX has it: an SPDX identifier in its right spelling, an expression, or a name. */
export function licenseOf(text: string, link?: string): Models.License {
  const id = SPDX.fixupSpdxId(text)
  if (id !== undefined) return new Models.SpdxLicense(id, { ...(link !== undefined && { url: link }) })
  if (looksLikeExpression(text)) return new Models.LicenseExpression(text)
  return new Models.NamedLicense(text, { ...(link !== undefined && { url: link }) })
}

/** `MIT OR Apache-2.0`, `(MIT AND Zlib)`: of known identifiers alone. */
function looksLikeExpression(text: string): boolean {
  const words = text.replaceAll(/[()]/g, ' ').trim().split(/\s+/)
  return (
    words.length >= 3 &&
    words.length < 40 &&
    words.every((word, i) => (i % 2 === 1 ? /^(AND|OR|WITH)$/.test(word) : SPDX.isSupportedSpdxId(word)))
  )
}

/** The licence that a package.json names; undefined when it names none. */
export function packageLicense(given: unknown): Models.License | undefined {
  if (typeof given === 'string' && given !== '' && given !== 'UNLICENSED') return licenseOf(given)
  const named = (given as { type?: unknown } | null | undefined)?.type
  return typeof named === 'string' ? licenseOf(named) : undefined
}
