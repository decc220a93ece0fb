import { nameTable, words } from './name-table.ts'

/** Why names are dangerous, and the names: a module stands for itself and for all below it. */
export interface CriticalGroup {
  readonly reason: string
  readonly modules: readonly string[]
  /** Single names of modules that are not dangerous as a whole, as `module name`. */
  readonly names: readonly string[]
}

interface CriticalTables {
  readonly reason: string
  /** Modules of Python's standard library, of Python 2 and of implementations in C. */
  readonly standard?: string
  /** Modules of packages that models are used with. */
  readonly packages?: string
  /** Single names, as `module: name name`. */
  readonly names?: string
}

/** A group from texts of words, which are easier to compare with a library than arrays. */
export function criticalGroup({ reason, standard = '', packages = '', names = '' }: CriticalTables): CriticalGroup {
  const single = Object.entries(nameTable(names.replaceAll(/^ {4}/gm, ''))).flatMap(([module, all]) => all.map((name) => `${module} ${name}`))
  return { reason, modules: [...words(standard), ...words(packages)], names: single }
}
