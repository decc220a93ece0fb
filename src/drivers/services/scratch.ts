import { chown, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keepLeftover } from '../leftovers.ts'

export interface SystemUser {
  readonly uid: number
  readonly gid: number
}

/** A folder for one server, readable by it alone, gone after `remove`. */
export async function scratchFolder(
  name: string,
  owner: SystemUser | undefined,
): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `plimsoll-${name}-`))
  const release = keepLeftover({ kind: 'folder', path })
  if (owner) await chown(path, owner.uid, owner.gid)
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }).catch(() => {})
      release()
    },
  }
}

/** The first of these users that the system has, or undefined. */
export async function systemUser(...names: readonly string[]): Promise<SystemUser | undefined> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const users = new Map(text.split('\n').map((line) => [line.split(':')[0]!, line.split(':')]))
  const fields = names.map((name) => users.get(name)).find((fields) => fields !== undefined)
  return fields && { uid: Number(fields[2]), gid: Number(fields[3]) }
}
