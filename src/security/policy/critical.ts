import type { CriticalGroup } from './critical-group.ts'
import { code } from './critical/code.ts'
import { files } from './critical/files.ts'
import { interpreter } from './critical/interpreter.ts'
import { loaders, scanners } from './critical/loaders.ts'
import { network } from './critical/network.ts'
import { programs } from './critical/programs.ts'
import { resolvers } from './critical/resolvers.ts'

/**
 * Names that do harm when a loader calls them. The list explains and raises the severity; it is not what protects: a name
 * that no list knows is not allowed either.
 */
export const CRITICAL: readonly CriticalGroup[] = [programs, code, resolvers, loaders, scanners, files, network, interpreter]
