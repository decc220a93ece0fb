import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../../drivers/self.ts'
import { allowRows } from './reference.ts'
import { rulesetDigest } from './ruleset.ts'

test('the allow-lists are what the recordings and their reviews make', () => {
  const generate = join(packageRoot, 'scripts/allow-list/generate.mjs')
  expect(execFileSync(process.execPath, [generate, '--check'], { encoding: 'utf8' })).toBe('')
})

test('every row of the reference says how its names may be used', () => {
  const rows = [...allowRows()]
  expect(rows.length).toBeGreaterThan(500)
  expect(
    rows.filter(
      ({ condition, names, reason, versions }) =>
        !/^Allowed when .+\.$/.test(condition) || !names.length || !reason || !versions.length,
    ),
  ).toEqual([])
  expect(rows.find(({ module, names }) => module === 'sklearn.svm._classes' && names.includes('SVC'))?.use).toBe('class')
})

test('the digest of the ruleset is one, and a digest', () => {
  expect(rulesetDigest()).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(rulesetDigest()).toBe(rulesetDigest())
})
