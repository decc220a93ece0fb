// Runs a program to its end under GNU time and answers what it cost. CPU seconds are user and system together, of all its threads.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'

const TIME = '/usr/bin/time'

/** The machine, for the head of a table. */
export function machine() {
  const [first] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${cpus().length} × ${first?.model.trim()}, ${memory} GB, ${type()} ${release()}, Node ${process.versions.node}`
}

/** @returns {{ cpu: number, wall: number, peak: number, out: string }} seconds, seconds, megabytes */
export function once(command, parameters, options = {}) {
  if (!existsSync(TIME)) throw new Error(`${TIME} (GNU time) is needed to measure`)
  const { status, stdout, stderr } = spawnSync(TIME, ['-f', '%U %S %e %M', command, ...parameters], {
    encoding: 'utf8',
    ...options,
  })
  const lines = stderr.trimEnd().split('\n')
  if (status !== 0) throw new Error(`${command} ${parameters.join(' ')} ended with ${status}\n${stdout}\n${stderr}`)
  const [user, system, wall, kilobytes] = lines.at(-1).split(' ').map(Number)
  return { cpu: user + system, wall, peak: kilobytes / 1024, out: stdout }
}

/** The runs with the least CPU and the least wall time among several: on a machine that others use too, noise only adds. */
export function best(rounds, run) {
  const runs = Array.from({ length: rounds }, run)
  return {
    cpu: Math.min(...runs.map(({ cpu }) => cpu)),
    wall: Math.min(...runs.map(({ wall }) => wall)),
    peak: Math.max(...runs.map(({ peak }) => peak)),
    out: runs.at(-1).out,
  }
}

export function row(name, { cpu, wall, peak }, base) {
  const ratio = base ? `  ${(cpu / base).toFixed(2)} ×` : ''
  console.log(
    `${name.padEnd(34)} ${cpu.toFixed(2).padStart(6)} s CPU ${wall.toFixed(2).padStart(7)} s ${peak.toFixed(0).padStart(6)} MB${ratio}`,
  )
}
