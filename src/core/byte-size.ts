import { z } from 'zod'

const UNITS: Readonly<Record<string, number>> = { kb: 1e3, mb: 1e6, gb: 1e9, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30 }

/** Bytes of a size such as `512MB`, `2 GiB` or `1.5gb`. Undefined when it is none, or less than a byte. */
export function parseByteSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]i?b)$/i.exec(text.trim())
  const bytes = match ? Math.floor(Number(match[1]) * UNITS[match[2]!.toLowerCase()]!) : 0
  return bytes >= 1 ? bytes : undefined
}

/** A size parameter with its unit: `512MB`, `2GB`; its value is in bytes. */
export const ByteSize = z
  .string()
  .transform((text, context) => {
    const bytes = parseByteSize(text)
    if (bytes !== undefined) return bytes
    context.addIssue({ code: 'custom', message: `"${text}" is not a size; write 512MB or 2GB` })
    return z.NEVER
  })
  .meta({ value: 'SIZE' })
