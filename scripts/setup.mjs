// Makes a fresh clone ready: dependencies from the lock file, this checkout linked as the package `plimsoll`, and dist/.
// Does only what is not done yet, and needs nothing but Node and npm. `--quiet` says nothing when there is nothing to do.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
const at = (...parts) => join(root, ...parts)

/** Runs a program of ours to its end; on failure prints what it said and ends this process. */
function must(what, command, parameters, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, parameters, { cwd: root, encoding: 'utf8', ...options })
  if (status === 0) return
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}\n${what} failed${error ? `: ${error.message}` : ''}\n`)
  process.exit(2)
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  process.stderr.write(
    `Plimsoll needs Node 20.19 or newer; this is ${process.versions.node}. Install one from https://nodejs.org\n`,
  )
  process.exit(2)
}

function install() {
  const stamp = at('node_modules', '.installed-lock')
  const lock = createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .digest('hex')
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
    if (lstatSync(at('node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
      process.stderr.write('node_modules is a link to another folder, and npm ci would empty that one. Remove the link first.\n')
      process.exit(2)
    }
    process.stderr.write('Installing dependencies (npm ci) …\n')
    const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' }
    must('npm ci', process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      env,
      shell: process.platform === 'win32',
    })
    writeFileSync(stamp, lock)
  }
  // The examples import `plimsoll` as a user's repository does; here that is this checkout. `npx plimsoll` finds it there too.
  link(root, at('node_modules', 'plimsoll'), 'junction')
  if (process.platform !== 'win32') link(join('..', 'plimsoll', 'bin', 'plimsoll.js'), at('node_modules', '.bin', 'plimsoll'))
}

function link(target, path, type) {
  if (!lstatSync(path, { throwIfNoEntry: false })) symlinkSync(target, path, type)
}

/** Every file under a folder, relative to it. */
function files(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return entries.map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
}

/** Time of the newest file under a folder. */
const newest = (folder) => Math.max(0, ...files(folder).map((file) => statSync(join(folder, file)).mtimeMs))

function build() {
  const stamp = at('dist', '.built')
  const built = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0
  const inputs = Math.max(
    newest(at('src')),
    ...['package.json', 'tsconfig.json', 'tsconfig.build.json'].map((file) => statSync(at(file)).mtimeMs),
  )
  if (built > inputs) return
  process.stderr.write('Building (tsc) …\n')
  must('The build', process.execPath, [at('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'])
  removeOrphans()
  writeFileSync(stamp, '')
}

/** What was compiled from a source that is gone would go into the package, and be loaded by mistake. */
function removeOrphans() {
  const sources = new Set(files(at('src')).map((file) => file.replace(/\.tsx?$/, '')))
  for (const file of files(at('dist'))) {
    if (file !== '.built' && !sources.has(file.replace(/(\.d\.ts|\.js)$/, ''))) rmSync(at('dist', file))
  }
}

export function setUp() {
  checkNode()
  install()
  build()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setUp()
  if (!process.argv.includes('--quiet')) process.stderr.write('Ready.\n')
}
