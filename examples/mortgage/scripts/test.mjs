// Runs the tests of a folder and writes what a pipeline reads: node scripts/test.mjs unit --coverage
// results/<folder>.xml (JUnit) and, with --coverage, results/coverage/lcov.info.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { coverage: { type: 'boolean', default: false } } })
const [kind = 'unit'] = positionals
const lcov = 'results/coverage/lcov.info'
const tests = readdirSync(join('test', kind)).filter((name) => name.endsWith('.test.mjs'))
const reporter = (name, destination) => [`--test-reporter=${name}`, `--test-reporter-destination=${destination}`]

mkdirSync('results/coverage', { recursive: true })
const { status } = spawnSync(
  process.execPath,
  [
    '--disable-warning=MaxListenersExceededWarning', // the reporters of Node 20 listen more often than it expects itself
    '--test',
    ...reporter('spec', 'stdout'),
    ...reporter('junit', `results/${kind}.xml`),
    ...(values.coverage ? ['--experimental-test-coverage', ...reporter('lcov', lcov)] : []),
    ...tests.map((name) => join('test', kind, name)),
  ],
  { stdio: 'inherit' },
)
if (values.coverage) keepOnly('src')
process.exitCode = status ?? 1

/** Node 20 reports on every file that was loaded, the tests too; what counts is the project's own code. */
function keepOnly(folder) {
  const records = readFileSync(lcov, 'utf8').split(/(?<=end_of_record\n)/)
  writeFileSync(lcov, records.filter((record) => new RegExp(`^SF:${folder}[/\\\\]`, 'm').test(record)).join(''))
}
