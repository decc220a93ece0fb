import { AsyncLocalStorage } from 'node:async_hooks'
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { processIdentity } from './process-identity.ts'

/** Something that would stay behind if this process were killed at once. */
export type Leftover =
  /** The leader of a process group. */
  | { readonly kind: 'process'; readonly pid: number; readonly identity: string | null }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'container'; readonly name: string }

/** Remembers what is there, outside this process. The answer of `keep` forgets it again. */
export interface LeftoverKeeper {
  keep(leftover: Leftover): () => void
}

/**
 * The keeper of the work in hand. It is carried by the asynchronous context, so that every child process that is started
 * somewhere below is remembered without anyone passing it on.
 */
export const leftoverKeeper = new AsyncLocalStorage<LeftoverKeeper>()

/** Tells the keeper, where there is one. Call the answer when the thing is gone. */
export function keepLeftover(leftover: Leftover): () => void {
  return leftoverKeeper.getStore()?.keep(leftover) ?? (() => {})
}

/** Groups that children of this process lead. */
const groups = new Set<number>()

/** The group that a child just started leads. */
export function keepProcess(pid: number | undefined): () => void {
  if (pid === undefined) return () => {}
  groups.add(pid)
  const forget = leftoverKeeper.getStore() ? keepLeftover({ kind: 'process', pid, identity: processIdentity(pid) }) : () => {}
  return () => {
    groups.delete(pid)
    forget()
  }
}

/** Kills every group that this process has started: for when it has to end at once. */
export function killKeptProcesses(): void {
  for (const pid of groups) signalGroup(pid, 'SIGKILL')
}

/**
 * Removes what a killed run left.
 *
 * @param mark text in the environment of the run's processes, for example `PLIMSOLL_RUN=abc`: members of a group whose leader
 * has ended are only stopped when they carry it
 */
export async function removeLeftover(leftover: Leftover, mark: string): Promise<void> {
  switch (leftover.kind) {
    case 'process':
      return stopLeftGroup(leftover.pid, leftover.identity, mark)
    case 'folder':
      return rm(leftover.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    case 'container':
      return new Promise((resolve) => void execFile('docker', ['rm', '--force', '--volumes', leftover.name], () => resolve()))
  }
}

async function stopLeftGroup(pid: number, identity: string | null, mark: string): Promise<void> {
  const now = processIdentity(pid)
  const isLeader = now !== null && now === identity
  // The number may belong to someone else by now; a group whose leader is gone is ours if its members carry the mark.
  if (!isLeader && (now !== null || !groupCarries(pid, mark))) return
  signalGroup(pid, 'SIGTERM')
  if (await ended(() => !groupIsAlive(pid), 3000)) return
  signalGroup(pid, 'SIGKILL')
  await ended(() => !groupIsAlive(pid), 2000)
}

/**
 * Stops processes that carry one of these marks in their environment: those that were started in the moment before the kill, when
 * nobody had remembered them yet. Only where the system shows the environment of processes (Linux).
 */
export async function stopMarked(marks: readonly string[]): Promise<void> {
  if (marks.length === 0) return
  const carriers = () => processes((pid) => pid !== process.pid && environmentOf(pid).some((entry) => marks.includes(entry)))
  for (const pid of carriers()) signal(pid, 'SIGTERM')
  if (await ended(() => carriers().length === 0, 3000)) return
  for (const pid of carriers()) signal(pid, 'SIGKILL')
}

/** Waits until it is so, `most` milliseconds at the most; whether it came to be so. */
async function ended(isSo: () => boolean, most: number): Promise<boolean> {
  for (let waited = 0; waited < most; waited += 50) {
    if (isSo()) return true
    await sleep(50)
  }
  return isSo()
}

/** Whether there was anyone to take the signal; a negative number is a group. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name)
    return true
  } catch {
    return false
  }
}

const signalGroup = (pid: number, name: NodeJS.Signals | 0) => signal(process.platform === 'win32' ? pid : -pid, name)

const groupIsAlive = (pid: number) => (process.platform === 'linux' ? membersOf(pid).length > 0 : signalGroup(pid, 0))

const groupCarries = (group: number, mark: string) => membersOf(group).some((pid) => environmentOf(pid).includes(mark))

/** The living processes of a group, where the system tells. */
function membersOf(group: number): number[] {
  return processes((pid) => {
    const stat = readProc(pid, 'stat')
    const [state, , processGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return Number(processGroup) === group && state !== 'Z' && state !== 'X'
  })
}

/** The processes of which this holds; none where there is no /proc. */
function processes(holds: (pid: number) => boolean): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) && holds(Number(name)) ? [Number(name)] : []))
}

const environmentOf = (pid: number) => readProc(pid, 'environ').split('\0')

/** Empty for a process that has ended, or is another user's. */
function readProc(pid: number, file: 'stat' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
