import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'

const Package = z.looseObject({
  name: z.string(),
  version: z.string().default('0.0.0'),
  license: z.unknown().optional(),
  description: z.string().optional().catch(undefined),
  dependencies: z.record(z.string(), z.string()).default({}).catch({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}).catch({}),
  peerDependencies: z.record(z.string(), z.string()).default({}).catch({}),
})

/** A package that a program loads at run time. */
export interface InstalledPackage {
  readonly name: string
  readonly version: string
  /** As its package.json says, which is a text or, in old packages, an object. */
  readonly license: unknown
  readonly description: string | undefined
  /** The keys (`name@version`) of the packages that it needs. */
  readonly needs: readonly string[]
}

/**
 * A package and all that it needs, as they are installed: each found as Node finds it, in the `node_modules` of the folder that
 * asks and of those above it. Optional packages that are not installed are left out.
 *
 * @param folder where the package itself is
 * @returns by `name@version`, the package itself first
 */
export async function installedPackages(folder: string): Promise<ReadonlyMap<string, InstalledPackage>> {
  const packages = new Map<string, InstalledPackage>()
  const add = async (at: string): Promise<string | undefined> => {
    const read = await readPackage(at)
    if (!read) return undefined
    const key = `${read.name}@${read.version}`
    if (packages.has(key)) return key
    const needs: string[] = []
    const { name, version, license, description } = read
    packages.set(key, { name, version, license, description, needs })
    const wanted = { ...read.peerDependencies, ...read.optionalDependencies, ...read.dependencies }
    for (const dependency of Object.keys(wanted).toSorted()) {
      const found = await findPackage(dependency, at)
      const needed = found === undefined ? undefined : await add(found)
      if (needed !== undefined) needs.push(needed)
    }
    return key
  }
  await add(folder)
  return packages
}

async function findPackage(name: string, from: string): Promise<string | undefined> {
  if (!/^(@[\w.-]+\/)?[\w.-]+$/.test(name)) return undefined
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name)
    if (await readPackage(candidate)) return candidate
    if (folder === dirname(folder)) return undefined
  }
}

async function readPackage(folder: string): Promise<z.output<typeof Package> | undefined> {
  try {
    return Package.safeParse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))).data
  } catch {
    return undefined
  }
}
