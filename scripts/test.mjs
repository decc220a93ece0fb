// `npm test`: everything that can be checked with Node alone. `npm test -- --only types,unit` runs a part.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root, setUp } from './setup.mjs'

const bin = (name) => join(root, 'node_modules', '.bin', name)
const counts = join(root, 'coverage', 'counts.json')
const vitest = (...projects) => [
  bin('vitest'),
  [
    'run',
    ...projects.flatMap((project) => ['--project', project]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${counts}`,
  ],
]

const CHECKS = {
  types: [bin('tsc'), ['--noEmit']],
  lint: [bin('oxlint'), ['--type-aware', '--deny-warnings']],
  format: [bin('oxfmt'), ['--check']],
  'dead-code': [bin('knip'), []],
  generated: [process.execPath, ['scripts/generate.mjs', '--check']],
  unit: vitest('unit', 'data'),
  e2e: vitest('e2e'),
  interop: vitest('interop'),
}

const only = process.argv.includes('--only')
  ? process.argv[process.argv.indexOf('--only') + 1].split(',')
  : Object.keys(CHECKS).slice(0, -1)

setUp()
mkdirSync(join(root, 'coverage'), { recursive: true })
let passed = 0
let failed = 0
const lines = []
for (const name of only) {
  const [command, parameters] = CHECKS[name]
  const started = performance.now()
  rmSync(counts, { force: true })
  process.stdout.write(`\n── ${name}\n`)
  const { status } = spawnSync(command, parameters, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
  let detail = ''
  if (['unit', 'e2e', 'interop'].includes(name)) {
    const result = readCounts()
    passed += result.passed
    failed += Math.max(result.failed, status === 0 ? 0 : 1)
    detail = ` (${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped)`
  } else if (status === 0) passed++
  else failed++
  lines.push(`${status === 0 ? 'ok  ' : 'FAIL'}  ${name}${detail}  ${((performance.now() - started) / 1000).toFixed(1)} s`)
}
process.stdout.write(`\n${lines.join('\n')}\n\n${passed} passed, ${failed} failed\n`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1

function readCounts() {
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(counts, 'utf8'))
    return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 } // the runner did not come as far as writing its counts
  }
}
