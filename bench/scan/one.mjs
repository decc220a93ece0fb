// Scans one file, or hashes it, in a process of its own. Prints milliseconds, of the clock and of all cores, peak memory in MB, and the verdict.
// Usage: node bench/scan/one.mjs (scan | no-digest | sha256) PATH
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { scanFile, scanPath } from '../../dist/security/scan.js'

const [, , how, path] = process.argv
const before = process.cpuUsage()
const started = performance.now()
let verdict = ''
if (how === 'sha256') await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), createHash('sha256'))
else if (how === 'no-digest') ({ verdict } = await scanFile(path, { digest: false }))
else verdict = [...new Set((await scanPath(path)).map((scan) => scan.verdict))].join(' ')
const ms = performance.now() - started
const { user, system } = process.cpuUsage(before)
const cpu = (user + system) / 1000
console.log(JSON.stringify({ ms, cpu, mb: process.resourceUsage().maxRSS / 1024, verdict }))
