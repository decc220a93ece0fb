import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { displayPath, requireFile, statIfExists } from '../drivers/files.ts'
import { readAllowances } from '../security/policy/allowances.ts'
import type { Allowance } from '../security/policy/policy.ts'

/** Where a project writes down which names of its own code its models may import. */
export const ALLOW_FILE = 'scan-allow.yaml'

/**
 * What a project allows its models beside the allow-list: the file that is named, else `scan-allow.yaml` where there is one.
 *
 * @throws UserError E_FILE_MISSING, E_CONFIG with file, line and column
 */
export async function projectAllowances(cwd: string, file?: string): Promise<readonly Allowance[]> {
  if (file === undefined && !(await statIfExists(resolve(cwd, ALLOW_FILE)))) return []
  const path = await requireFile(cwd, file ?? ALLOW_FILE, 'The file of allowed names')
  return readAllowances(await readFile(path, 'utf8'), displayPath(cwd, path))
}
