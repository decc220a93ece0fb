import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv2020 from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { generatedFiles } from '../src/cli/reference/files.ts'
import { yamlExample } from '../src/cli/reference/steps-page.ts'
import { flagsOf } from '../src/cli/flags.ts'
import { packageRoot } from '../src/drivers/self.ts'
import { loadSteps } from '../src/steps/index.ts'

const files = await generatedFiles()
const steps = await loadSteps()

test.each(Object.keys(files))('%s is what the code says (npm run generate)', (path) => {
  expect(readFileSync(join(packageRoot, path), 'utf8')).toBe(files[path])
})

test('the editor schema takes every example of the reference', () => {
  const schema = JSON.parse(files['plimsoll.schema.json']!) as object
  const validate = new Ajv2020.default({ strict: false }).compile(schema)
  for (const step of steps) {
    const example = yamlExample(step, flagsOf(step))
    expect({ step: step.name, example }).toEqual({ step: step.name, example: expect.any(String) as string })
    const pipeline = {
      stages: {
        one: { steps: (parse(example!) as unknown[]).map((entry) => (typeof entry === 'string' ? { [entry]: null } : entry)) },
      },
    }
    validate(pipeline)
    expect({ step: step.name, errors: validate.errors }).toEqual({ step: step.name, errors: null })
  }
})

test('every example of a step is a command line that its flags take', () => {
  for (const step of steps) {
    const names = new Set([...flagsOf(step).map(({ name }) => name), 'yes', 'json', 'inconclusive'])
    for (const example of step.examples) {
      const used = [...example.replaceAll(/"[^"]*"|'[^']*'/g, '').matchAll(/\s--(?:no-)?([a-z][\w-]*)/g)].map(([, name]) => name!)
      expect({ example, unknown: used.filter((name) => !names.has(name)) }).toEqual({ example, unknown: [] })
    }
  }
})
