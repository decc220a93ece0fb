/**
 * Variables in pipeline files: `${env.NAME}`, `${env.NAME:-default}`, `${secrets.NAME}`. A secret is the environment variable of that
 * name; it stays a reference until a step starts. Any other `${…}` is left alone: it is the shell's.
 */
const VARIABLE = /\$\{(env|secrets)\.([A-Za-z_]\w*)(?::-([^}]*))?\}/g
const SECRET = /\$\{secrets\.([A-Za-z_]\w*)\}/g
/** Looks like one of ours (a shell's names have no dots), but is not. */
const MISSPELT = /\$\{(?!(?:env|secrets)\.[A-Za-z_]\w*(?::-[^}]*)?\})[A-Za-z]\w*\.[^}]*\}/

type Env = Readonly<Record<string, string>>
type Path = readonly (string | number)[]

const lookUp = (env: Env, name: string): string | undefined => (Object.hasOwn(env, name) ? env[name] : undefined)

/** Fills `${env.…}` into every string of a value; `onMistake` hears of variables that are not set. Secrets stay. */
export function fillEnv<T>(value: T, env: Env, onMistake: (message: string, path: Path) => void): T {
  return mapStrings(value, (text, path) => {
    const odd = MISSPELT.exec(text)?.[0]
    if (odd !== undefined)
      onMistake(`"${odd}" is not a variable. Write \${env.NAME}, \${env.NAME:-default} or \${secrets.NAME}.`, path)
    return text.replace(VARIABLE, (reference: string, group: string, name: string, fallback: string | undefined) => {
      if (group === 'secrets') {
        if (fallback !== undefined) onMistake(`A secret has no default: write \${secrets.${name}}.`, path)
        return reference
      }
      const found = lookUp(env, name)
      // As in a shell, `:-` also replaces a variable that is set to nothing.
      if (fallback !== undefined) return found === undefined || found === '' ? fallback : found
      if (found === undefined)
        onMistake(`The environment variable ${name} is not set. Set it, or write \${env.${name}:-default}.`, path)
      return found ?? ''
    })
  })
}

/** Fills `${secrets.…}` into every string of a value; `missing` names those that are not set and stayed as they were. */
export function fillSecrets<T>(value: T, env: Env): { value: T; missing: readonly string[] } {
  const missing = new Set<string>()
  const filled = mapStrings(value, (text) =>
    text.replace(SECRET, (reference: string, name: string) => {
      const secret = lookUp(env, name)
      if (secret !== undefined && secret !== '') return secret
      missing.add(name)
      return reference
    }),
  )
  return { value: filled, missing: [...missing] }
}

/** The names of the secrets that a value refers to, sorted. */
export function secretsIn(value: unknown): string[] {
  const names = new Set<string>()
  mapStrings(value, (text) => {
    for (const [, name] of text.matchAll(SECRET)) names.add(name!)
    return text
  })
  return [...names].toSorted()
}

/** The paths of the strings that hold a variable of ours. */
export function variablePaths(value: unknown): string[] {
  const paths: string[] = []
  mapStrings(value, (text, path) => {
    if (text.search(VARIABLE) >= 0) paths.push(path.join('\0'))
    return text
  })
  return paths
}

function mapStrings<T>(value: T, change: (text: string, path: Path) => string, path: Path = []): T {
  if (typeof value === 'string') return change(value, path) as T
  if (Array.isArray(value)) return value.map((member, index) => mapStrings(member as unknown, change, [...path, index])) as T
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, mapStrings(member, change, [...path, key])]),
    ) as T
  }
  return value
}
