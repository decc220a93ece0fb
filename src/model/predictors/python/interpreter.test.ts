import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { chooseInterpreter } from './interpreter.ts'

const inVenv = process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python'

test('what is named comes first, then the variable, then the environment of the project unless another is active', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'plimsoll-interpreter-'))
  const program = async (options: { python?: string; env?: Record<string, string> }) =>
    (await chooseInterpreter({ cwd, env: {}, ...options })).program
  const onPath = process.platform === 'win32' ? 'python' : 'python3'
  expect(await program({})).toBe(onPath)
  const own = join(cwd, '.venv', inVenv)
  await mkdir(join(own, '..'), { recursive: true })
  await writeFile(own, '')
  expect(await program({})).toBe(own)
  expect(await chooseInterpreter({ cwd, env: {} })).toMatchObject({ because: 'the project’s .venv' })
  expect(await program({ env: { VIRTUAL_ENV: '/elsewhere' } })).toBe(onPath)
  expect(await program({ env: { PLIMSOLL_PYTHON: '/opt/python' } })).toBe('/opt/python')
  expect(await program({ env: { PLIMSOLL_PYTHON: '/opt/python' }, python: '/usr/bin/python3' })).toBe('/usr/bin/python3')
})
