import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { packageRoot } from '../../../src/drivers/self.ts'
import { scratch } from '../cli.ts'

/** What runs leave behind in an example. */
const LEFT_BEHIND = new Set(['.plimsoll', 'artifacts', 'node_modules', 'results'])

/**
 * This checkout as a clone of it is after its set-up: the files that git has or would take, dependencies, and dist/. Nothing
 * that is done in the copy reaches the original.
 */
export function copyOfCheckout(): string {
  const copy = join(openScratch(), 'checkout')
  const listed = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const files = execFileSync('git', listed, { cwd: packageRoot, encoding: 'utf8' }).split('\0').filter(Boolean)
  for (const file of new Set(files)) {
    if (!existsSync(join(packageRoot, file))) continue
    mkdirSync(dirname(join(copy, file)), { recursive: true })
    copyFileSync(join(packageRoot, file), join(copy, file))
  }
  linkModules(copy)
  const lock = readFileSync(join(copy, 'package-lock.json'))
  writeFileSync(join(copy, 'node_modules', '.installed-lock'), createHash('sha256').update(lock).digest('hex'))
  cpSync(join(packageRoot, 'dist'), join(copy, 'dist'), { recursive: true })
  // Newer than all sources of the copy: it is not built again.
  writeFileSync(join(copy, 'dist', '.built'), '')
  execFileSync(process.execPath, ['scripts/setup.mjs', '--quiet'], { cwd: copy, stdio: 'inherit' })
  return copy
}

/** The mortgage example as a user's own project, with Plimsoll installed. */
export function copyOfExample(): string {
  const project = join(openScratch(), 'mortgage')
  const example = join(packageRoot, 'examples', 'mortgage')
  cpSync(example, project, { recursive: true, filter: (path) => !LEFT_BEHIND.has(basename(path)) })
  linkModules(project)
  symlinkSync(packageRoot, join(project, 'node_modules', 'plimsoll'), 'junction')
  return project
}

/** A scratch folder that other users of the system can enter: PostgreSQL is started as one of them when we are root. */
function openScratch(): string {
  const folder = scratch()
  chmodSync(folder, 0o755)
  return folder
}

/**
 * Links every package by itself: an installation in the copy then removes links, where one link for all would let it
 * remove the packages. What `plimsoll` is, the copy decides itself.
 */
function linkModules(folder: string): void {
  for (const part of ['node_modules', join('node_modules', '.bin')]) {
    const [from, to] = [join(packageRoot, part), join(folder, part)]
    mkdirSync(to)
    for (const name of readdirSync(from)) {
      if (name !== 'plimsoll' && !name.startsWith('.')) symlinkSync(join(from, name), join(to, name), 'junction')
    }
  }
}

/** The SHA-256 of every file in a folder, by its path. */
export function digestsOf(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).toSorted()
  return Object.fromEntries(
    paths.map((path) => [relative(folder, path), createHash('sha256').update(readFileSync(path)).digest('hex')]),
  )
}

/**
 * Variables for programs that run in a copy: their scratch files lie beside it, so that whatever they leave running can be
 * told by its folder; and nothing but Node is on PATH.
 */
export function nothingButNode(copy: string): Record<string, string> {
  const [bin, temporary] = [join(copy, '..', 'bin'), join(copy, '..', 'tmp')]
  for (const folder of [bin, temporary]) mkdirSync(folder, { recursive: true })
  if (!existsSync(join(bin, 'node'))) symlinkSync(process.execPath, join(bin, 'node'))
  return { PATH: bin, HOME: dirname(copy), TMPDIR: temporary, GIT_CEILING_DIRECTORIES: dirname(copy) }
}
