import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * The command lines of all processes that have to do with a folder: by their arguments, their current folder or, on Linux,
 * their variables.
 */
export function processesOf(folder: string): string[] {
  if (process.platform !== 'linux') {
    const all = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n')
    return all.filter((line) => line.includes(folder))
  }
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return []
    const command = read(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '))
    const traces = [
      command,
      read(() => readlinkSync(`/proc/${pid}/cwd`)),
      read(() => readFileSync(`/proc/${pid}/environ`, 'utf8')),
    ]
    // One that has ended and is not waited for yet has no command line.
    return command !== '' && traces.some((trace) => trace.includes(folder)) ? [`${pid} ${command.trim()}`] : []
  })
}

/** The same, after a moment for those that are just ending. */
export async function processesLeft(folder: string): Promise<string[]> {
  for (let tries = 0; tries < 100 && processesOf(folder).length > 0; tries++) await sleep(50)
  return processesOf(folder)
}

/** Processes may end, or belong to someone else. */
function read(what: () => string): string {
  try {
    return what()
  } catch {
    return ''
  }
}
