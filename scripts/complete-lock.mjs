// After a change of dependencies: names the native packages of every platform in package-lock.json.
// npm leaves out those that the registry in use does not carry, and `npm ci` then refuses the lock file everywhere.
import { readFileSync, writeFileSync } from 'node:fs'

const file = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8'))
const { packages } = lock

/** The lock entry of a native package, its platform read off its name (`…-linux-arm64-musl`). */
function entryOf(name, version, dev) {
  const [, os, rest] = /(android|darwin|freebsd|linux|openharmony|win32)(.*)$/.exec(name) ?? []
  const cpu = /arm64|x64|ia32|riscv64|s390x|ppc64|arm/.exec(rest ?? '')?.[0]
  if (!os || !cpu) throw new Error(`The platform of ${name} cannot be told from its name.`)
  const libc = os === 'linux' && (/musl/.test(rest) ? ['musl'] : /gnu/.test(rest) ? ['glibc'] : undefined)
  return { version, cpu: [cpu], ...(dev && { dev }), ...(libc && { libc }), optional: true, os: [os] }
}

for (const [key, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
  if (key === '') continue
  for (const [name, range] of Object.entries(optionalDependencies)) {
    packages[`node_modules/${name}`] ??= entryOf(name, range.replace(/^[~^]/, ''), dev)
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).toSorted(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
