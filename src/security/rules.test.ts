import { expect, test } from 'vitest'
import { LEVELS } from './level.ts'
import { RULES, verdictOf, type RuleId } from './rules.ts'

test.each(Object.entries(RULES))('%s says what was found, why it matters and what to do', (id, { title, why, fix }) => {
  expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*$/)
  expect(title).toMatch(/^[A-Z].{10,}[^.]$/)
  expect(why).toMatch(/^.{20,}\.$/)
  expect(fix).toMatch(/^[A-Z`].{3,}\.$/)
})

test('danger outweighs what could not be examined, and only notes pass; at the level audit everything is a warning', () => {
  const rule = (kind: string) => Object.entries(RULES).find(([, each]) => each.kind === kind)![0] as RuleId
  const [dangerous, suspicious, unexamined, note] = ['dangerous', 'suspicious', 'unexamined', 'note'].map(rule)
  const cases: [RuleId[], 'pass' | 'fail' | 'error'][] = [
    [[], 'pass'],
    [[note!], 'pass'],
    [[unexamined!, note!], 'error'],
    [[unexamined!, suspicious!], 'fail'],
    [[note!, dangerous!], 'fail'],
  ]
  for (const [rules, verdict] of cases) {
    for (const level of LEVELS) {
      expect(verdictOf(rules, level)).toBe(level === 'audit' && verdict !== 'pass' ? 'warn' : verdict)
    }
  }
})
