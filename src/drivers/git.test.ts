import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { gitInfo } from './git.ts'

const env = { PATH: process.env['PATH']!, HOME: tmpdir(), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }

test('commit, branch and changes of a repository; nulls outside one and without git', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-git-'))
  const git = (...parameters: string[]) =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...parameters], {
      cwd: folder,
      env,
      encoding: 'utf8',
    })
  expect(await gitInfo(folder, env)).toEqual({ commit: null, branch: null, dirty: false })

  git('init', '--quiet', '--initial-branch', 'feature/x')
  expect(await gitInfo(folder, env)).toEqual({ commit: null, branch: 'feature/x', dirty: false })
  writeFileSync(join(folder, 'a.txt'), 'one')
  git('add', 'a.txt')
  git('commit', '--quiet', '-m', 'one')
  const commit = git('rev-parse', 'HEAD').trim()
  writeFileSync(join(folder, 'untracked.txt'), '')
  expect(await gitInfo(folder, env)).toEqual({ commit, branch: 'feature/x', dirty: false })

  writeFileSync(join(folder, 'a.txt'), 'two')
  git('checkout', '--quiet', '--detach')
  expect(await gitInfo(folder, env)).toEqual({ commit, branch: null, dirty: true })
  expect(await gitInfo(folder, { PATH: '/nowhere' })).toEqual({ commit: null, branch: null, dirty: false })
})
