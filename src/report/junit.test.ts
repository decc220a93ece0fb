import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { expect, test } from 'vitest'
import { brokenColumn, hostileReport, sampleReport } from '../../test/fixtures/sample-report.ts'
import { renderJunit } from './junit.ts'

test('a suite per step, a case per check; a stage that was not run is a skipped case', async () => {
  await expect(renderJunit(sampleReport)).toMatchFileSnapshot('../../test/golden/junit.xml')
})

test('each broken rule of a schema is a case at its own line of the schema', () => {
  const xml = renderJunit({ ...sampleReport, kind: 'step', results: [brokenColumn], children: [] })
  const { testsuites } = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(xml) as {
    testsuites: { tests: string; failures: string; testsuite: { testcase: Record<string, unknown>[] } }
  }
  expect(testsuites).toMatchObject({ tests: '3', failures: '2' })
  expect(testsuites.testsuite.testcase.map(({ name, file, line }) => [name, file, line])).toEqual([
    ['Column age › age: type integer', 'schemas/input.json', '11'],
    ['Column age › age: minimum 18', 'schemas/input.json', '12'],
    ['Column age › age: maximum 120', 'schemas/input.json', '13'],
  ])
  expect(testsuites.testsuite.testcase.map((each) => Object.keys(each).filter((key) => /failure|system-out/.test(key)))).toEqual([
    ['failure'],
    ['failure'],
    ['system-out'],
  ])
})

test('the totals are the sums of what is in it', () => {
  const { testsuites } = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(renderJunit(sampleReport)) as {
    testsuites: Record<string, string>
  }
  expect(testsuites).toMatchObject({ tests: '7', failures: '2', errors: '1', skipped: '2' })
})

test('stays well-formed whatever the report holds', () => {
  const xml = renderJunit(hostileReport())
  expect(XMLValidator.validate(xml)).toBe(true)
  // oxlint-disable-next-line no-control-regex -- XML 1.0 allows no others below U+0020 than tab and line ends
  expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/)
  expect(Buffer.from(xml).toString()).toBe(xml) // no lone surrogates
  expect(xml).not.toContain('<script')
})
