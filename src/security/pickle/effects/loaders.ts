const LOADER = /^_?(?:c?un)?_?(?:loads?|load_from_bytes|read_pickle|pickler|pickle|Pickler|from_bytes|deserialize|load_\w+)$/i

/** Whether a function that nobody has reviewed loads what it is given, by its name alone, whatever its library is called. `marshal` loads code, which is named as such. */
export const isLoader = (module: string, name: string): boolean =>
  module !== 'marshal' && LOADER.test(name.slice(name.lastIndexOf('.') + 1))
