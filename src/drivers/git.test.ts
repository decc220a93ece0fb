import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { gitInfo } from './git.ts'

const env = process.env as Record<string, string>
const scratch = () => mkdtempSync(join(tmpdir(), 'git-'))
const git = (cwd: string, ...parameters: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...parameters], { cwd, encoding: 'utf8' }).trim()

test('all null outside a repository, and where there is no git', async () => {
  expect(await gitInfo(scratch(), { ...env, GIT_CEILING_DIRECTORIES: tmpdir() })).toEqual({ commit: null, branch: null, dirty: false })
  expect(await gitInfo(scratch(), { PATH: '/nowhere' })).toEqual({ commit: null, branch: null, dirty: false })
})

test('commit, branch, and whether tracked files are changed', async () => {
  const cwd = scratch()
  git(cwd, 'init', '-q', '-b', 'trunk')
  expect(await gitInfo(cwd, env)).toEqual({ commit: null, branch: 'trunk', dirty: false })
  writeFileSync(join(cwd, 'a.txt'), 'one')
  git(cwd, 'add', '.')
  git(cwd, 'commit', '-q', '-m', 'first')
  const commit = git(cwd, 'rev-parse', 'HEAD')
  expect(await gitInfo(cwd, env)).toEqual({ commit, branch: 'trunk', dirty: false })
  writeFileSync(join(cwd, 'untracked.txt'), 'x')
  expect((await gitInfo(cwd, env)).dirty).toBe(false)
  writeFileSync(join(cwd, 'a.txt'), 'two')
  expect((await gitInfo(cwd, env)).dirty).toBe(true)
  git(cwd, 'checkout', '-q', '--detach')
  expect(await gitInfo(cwd, env)).toMatchObject({ commit, branch: null })
})
