// How long `plimsoll --version` takes beside a Node that does nothing, measured in turns in one run. Target: under 120 ms.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../bin/plimsoll.js', import.meta.url))
const ROUNDS = Number(process.argv[2] ?? 21)

function once(parameters) {
  const started = performance.now()
  const { status } = spawnSync(process.execPath, parameters, { stdio: 'ignore' })
  if (status !== 0) throw new Error(`node ${parameters.join(' ')} ended with ${status}`)
  return performance.now() - started
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

once([bin, '--version']) // warms the file cache
const times = { node: [], plimsoll: [] }
for (let round = 0; round < ROUNDS; round++) {
  times.node.push(once(['-e', '0']))
  times.plimsoll.push(once([bin, '--version']))
}
const [node, plimsoll] = [median(times.node), median(times.plimsoll)]
console.log(`node -e 0            median ${node.toFixed(1)} ms`)
console.log(`plimsoll --version   median ${plimsoll.toFixed(1)} ms   ${(plimsoll / node).toFixed(2)} × node   (${ROUNDS} rounds)`)
