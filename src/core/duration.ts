import { z } from 'zod'

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds of a duration such as `500ms`, `60s`, `1.5m`, `2h`, `7d`; a bare number is seconds. Undefined when it is none of these. */
export function parseDuration(text: string | number): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(String(text).trim())
  return match ? Number(match[1]) * UNITS[match[2] ?? 's']! : undefined
}

/** A duration parameter: `500ms`, `60s`, `2m`, `7d`, or a number of seconds; its value is in milliseconds. */
export const Duration = z
  .union([z.string(), z.number()])
  .transform((text, context) => {
    const ms = parseDuration(text)
    if (ms !== undefined) return ms
    context.addIssue({ code: 'custom', message: `"${text}" is not a duration; write 500ms, 60s, 2m, 1h or 7d` })
    return z.NEVER
  })
  .meta({ value: 'DURATION' })

/** A duration as people read it: `340 ms`, `2.4 s`, `1 m 05 s`, `2 h 30 m`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, '0')} s`
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} m`
}
