// How many of a labelled set of model files the scanner judges rightly, by family:
//   node bench/scan/scorecard.mjs FOLDER [--floor recall,false-alarms]
// FOLDER has a manifest.csv whose first two columns are the file and its label (malicious, benign, malformed, suspicious) and whose fifth is its
// family. With --floor 99,1 the exit code is 1 when recall is under 99 % or false alarms are over 1 %.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { scanFile } from '../../dist/index.js'

const folder = process.argv[2]
if (folder === undefined) throw new Error('Name the folder of the labelled files')
const floor = /^--floor$/.test(process.argv[3] ?? '') ? process.argv[4]?.split(',').map(Number) : undefined

const RIGHT = {
  malicious: ({ verdict, findings }) => verdict === 'fail' && findings.length > 0,
  benign: ({ verdict }) => verdict === 'pass',
  malformed: ({ verdict }) => verdict !== 'pass',
}

const families = new Map()
const wrong = []
for (const line of readFileSync(join(folder, 'manifest.csv'), 'utf8').trim().split('\n').slice(1)) {
  const [file, label, , , family = ''] = line.split(',')
  const right = RIGHT[label]
  if (right === undefined) continue
  const scan = await scanFile(join(folder, file))
  const key = `${label} ${family}`
  const tally = families.get(key) ?? { label, family, right: 0, all: 0 }
  families.set(key, tally)
  tally.all++
  if (right(scan)) tally.right++
  else
    wrong.push(
      `${label}: ${file} is ${scan.verdict} (${[...new Set(scan.findings.map(({ rule }) => rule))].join(', ') || 'nothing found'})`,
    )
}

const rows = [...families.values()].toSorted((a, b) => a.label.localeCompare(b.label) || a.family.localeCompare(b.family))
for (const { label, family, right, all } of rows) console.log(`${label.padEnd(10)} ${family.padEnd(28)} ${right} of ${all}`)
for (const line of wrong) console.log(line)

const share = (label) => {
  const all = rows.filter((row) => row.label === label)
  const count = (name) => all.reduce((sum, row) => sum + row[name], 0)
  return (100 * count('right')) / count('all')
}
const recall = share('malicious')
const falseAlarms = 100 - share('benign')
console.log(
  `recall ${recall.toFixed(1)} %, false alarms ${falseAlarms.toFixed(1)} %, malformed not passed ${share('malformed').toFixed(1)} %`,
)
if (floor && (recall < floor[0] || falseAlarms > floor[1])) process.exitCode = 1
