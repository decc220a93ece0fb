import { CRITICAL } from './critical.ts'

const criticalModules = new Map<string, string>()
const criticalNames = new Map<string, string>()
for (const { modules, names, reason } of CRITICAL) {
  for (const module of modules) criticalModules.set(module, reason)
  for (const name of names) criticalNames.set(name, reason)
}

/** Modules in C whose names are those of the module that Python programs import. */
const TWINS: Readonly<Record<string, string>> = {
  _operator: 'operator',
  _functools: 'functools',
  _codecs: 'codecs',
  _collections: 'collections',
  _contextvars: 'contextvars',
  _weakref: 'weakref',
  _json: 'json',
  _heapq: 'heapq',
  _bisect: 'bisect',
  _queue: 'queue',
  _abc: 'abc',
  _py_abc: 'abc',
  _sre: 're',
  _elementtree: 'xml.etree.ElementTree',
  'json.decoder': 'json',
  'json.encoder': 'json',
  'pathlib._local': 'pathlib',
}

/** Attributes that every module, class or function has, and that lead from it to all others. */
const REACHING =
  /^__(builtins|class|bases?|mro|subclasses|globals|dict|loader|spec|import|getattribute|getattr|setattr|delattr|call|code|closure|func|self|wrapped|reduce(_ex)?|setstate|init|init_subclass|class_getitem|set_name|module|path|file|cached|main)__$/

const REACHES = 'reaches through an attribute of Python itself to everything that is loaded'

/** Why a name is known to do harm, or undefined. Dots in a name are followed: `torch` + `serialization.os.system` is `os.system`. */
export function harmOf(module: string, name: string): string | undefined {
  const steps = name.split('.')
  if (steps.some((step) => REACHING.test(step))) return REACHES
  // Every step may be a module below this one, or any module that it has imported.
  for (let start = 0; start < steps.length; start++) {
    const rest = steps.slice(start).join('.')
    const below = [module, ...steps.slice(0, start)].join('.')
    const reached = harmAt(below, rest) ?? (start > 0 ? harmAt(steps[start - 1]!, rest) : undefined)
    if (reached !== undefined) return reached
  }
  // The name itself may be a module that was imported there: `torch.serialization` + `os`.
  const [last] = steps.slice(-1)
  const isModule = criticalModules.get([module, ...steps].join('.')) ?? (steps.length > 1 ? criticalModules.get(last!) : undefined)
  return isModule ?? (INTERPRETER_MODULES.has(last!) ? criticalModules.get(last!) : undefined)
}

/** Modules that others import under their own name: to import them from anywhere is to import them. */
const INTERPRETER_MODULES = new Set(['os', 'sys', 'subprocess', 'shutil', 'importlib', 'pickle', 'ctypes', 'socket', 'builtins', 'runpy'])

function harmAt(module: string, name: string): string | undefined {
  const twin = TWINS[module]
  const byName = criticalNames.get(`${module} ${name}`) ?? (twin === undefined ? undefined : criticalNames.get(`${twin} ${name}`))
  if (byName !== undefined) return byName
  // A method of a class that is listed.
  const dot = name.indexOf('.')
  if (dot > 0 && name.slice(0, dot) !== '') {
    const owner = criticalNames.get(`${module} ${name.slice(0, dot)}`)
    if (owner !== undefined) return owner
  }
  const parts = module.split('.')
  for (let length = parts.length; length > 0; length--) {
    const byModule = criticalModules.get(parts.slice(0, length).join('.'))
    if (byModule !== undefined) return byModule
  }
  return undefined
}
