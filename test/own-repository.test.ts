import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { globSync } from 'tinyglobby'
import { expect, test } from 'vitest'
import { packageRoot } from '../src/drivers/self.ts'
import { examineRepository } from '../src/hardening/examine.ts'
import { openRepository } from '../src/hardening/repository.ts'
import { TextFile } from '../src/hardening/text-file.ts'
import { workflowFindings } from '../src/hardening/workflow/checks.ts'
import { scanFile } from '../src/security/scan.ts'
import { readMarkdown } from './fixtures/markdown.ts'

const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' }

test('this repository passes its own doctor', async () => {
  const repository = await openRepository(packageRoot, env)
  const formatsOf = async (path: string) => (await scanFile(path, { level: 'audit' })).formats
  const { findings, ignored, workflows, history } = await examineRepository(repository, {
    history: repository.git === 'full',
    formatsOf,
  })
  expect(findings).toEqual([])
  expect(ignored.every(({ reason }) => reason.length > 10)).toBe(true)
  expect(workflows).toBeGreaterThan(0)
  if (history !== 'not-looked-at') expect(history.unfinished).toBeUndefined()
})

test('workflows that the documentation shows pass it too', () => {
  const blocks = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md'], {
    cwd: packageRoot,
    ignore: ['**/node_modules/**'],
  }).flatMap((path) =>
    readMarkdown(readFileSync(join(packageRoot, path), 'utf8'))
      .blocks.filter(({ language, text }) => /^ya?ml$/.test(language) && /^jobs:/m.test(text))
      .map(({ text, line }) => ({ place: `${path}:${line}`, text })),
  )
  expect(blocks.length).toBeGreaterThan(1)
  const wrong = blocks.flatMap(({ place, text }) =>
    workflowFindings(new TextFile('.github/workflows/shown.yml', text)).map(
      ({ rule, message, line }) => `${place}+${line}: ${rule}: ${message}`,
    ),
  )
  expect(wrong).toEqual([])
})
