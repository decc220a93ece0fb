import type { Judge } from './policy.ts'

/** Folders in which model folders keep the code that a loader puts on Python's path: MLflow, SageMaker, and common use. */
const CODE_FOLDERS = ['', 'code/', 'src/', 'code/src/']
const EXTENSIONS = ['.py', '.pyc', '.pyd', '.so', '/__init__.py', '/__init__.pyc']
/** Modules that are loaded before any model is: a file of their name is never imported. */
const LOADED_AT_START = /^(builtins|copyreg|codecs|_(?!_torch__).*|sys|collections|functools|operator|re|enum|types)(\.|$)/

/**
 * The file in a scanned folder that an import of a module would run, or undefined: code that came with the model, whatever
 * name it hides behind. Compiled modules are known by their first name: `module.cpython-311-x86_64-linux-gnu.so`.
 */
export function neighbourModule(module: string, neighbours: ReadonlySet<string>): string | undefined {
  if (neighbours.size === 0 || LOADED_AT_START.test(module)) return undefined
  const path = module.replaceAll('.', '/')
  const top = path.split('/', 1)[0]!
  for (const folder of CODE_FOLDERS) {
    for (const start of new Set([path, top])) {
      for (const extension of EXTENSIONS) {
        const candidate = `${folder}${start}${extension}`
        if (neighbours.has(candidate)) return candidate
      }
    }
  }
  return compiledModules(neighbours).get(path.slice(path.lastIndexOf('/') + 1))
}

const compiled = new WeakMap<ReadonlySet<string>, ReadonlyMap<string, string>>()

/** Files by the name of the module that was compiled to them. */
function compiledModules(neighbours: ReadonlySet<string>): ReadonlyMap<string, string> {
  const known = compiled.get(neighbours)
  if (known) return known
  const found = new Map<string, string>()
  for (const neighbour of neighbours) {
    const [name, tag] = neighbour.slice(neighbour.lastIndexOf('/') + 1).split('.')
    if (tag !== undefined && /^(cpython-|pypy|cp\d|abi3)/.test(tag)) found.set(name!, neighbour)
  }
  compiled.set(neighbours, found)
  return found
}

/**
 * A judge for the files of one folder. A name that is not on the list, and whose module lies in the folder, is critical; so is a
 * listed one that a file at the top of the folder would stand in for. What the project allows by name stays allowed.
 *
 * @param listed whether the judgement comes from the list, and not from the project
 */
export function judgeBeside(judge: Judge, neighbours: ReadonlySet<string>, listed: Judge = judge): Judge {
  if (neighbours.size === 0) return judge
  return (module, name) => {
    const judgement = judge(module, name)
    if (judgement.level === 'critical') return judgement
    if (judgement.level === 'allowed' && listed(module, name).level !== 'allowed') return judgement
    const file = neighbourModule(module, neighbours)
    if (file === undefined) return judgement
    return { level: 'critical', reason: `imports ${file}, code that came with the model, and runs all of it` }
  }
}
