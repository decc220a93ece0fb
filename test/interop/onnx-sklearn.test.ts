import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Label } from '../../src/core/predictor.ts'
import { tableFromRows, type Cell } from '../../src/core/table.ts'
import { digestFile } from '../../src/drivers/files.ts'
import { packageRoot } from '../../src/drivers/self.ts'
import { openPredictor } from '../../src/model/predictors/open.ts'
import { lacks, PYPI_PYTHON } from './peers.ts'

interface Case {
  readonly name: string
  readonly columns: Readonly<Record<string, Cell[]>>
  /** Of a multilabel model a list of 0 and 1 for each row. */
  readonly labels: readonly Label[] | readonly (readonly number[])[]
  readonly classes?: readonly Label[]
  readonly probabilities?: readonly (readonly number[])[]
}

/** What single precision, in which the exports compute, leaves of the digits. */
const TOLERANCE = 1e-6

describe.skipIf(lacks('skl2onnx') || lacks('scikit-learn'))(
  'models as scikit-learn exports them, against scikit-learn itself (skl2onnx, scikit-learn)',
  () => {
    let cwd: string
    let cases: readonly Case[]

    beforeAll(async () => {
      cwd = await mkdtemp(join(tmpdir(), 'plimsoll-skl2onnx-'))
      execFileSync(PYPI_PYTHON, [join(packageRoot, 'test/interop/python/onnx_models.py'), cwd])
      cases = JSON.parse(await readFile(join(cwd, 'cases.json'), 'utf8')) as Case[]
    })
    afterAll(() => rm(cwd, { recursive: true, force: true }))

    async function predict({ name, columns }: Case) {
      const names = Object.keys(columns)
      const hasOwnNames = name === 'two-matrices' || name === 'one-input-per-column'
      const options = { cwd, env: {}, admit: digestFile, ...(!hasOwnNames && { features: names }) }
      const predictor = await openPredictor(`${name}.onnx`, options)
      try {
        const rows = columns[names[0]!]!.map((_cell, row) =>
          Object.fromEntries(names.map((column) => [column, columns[column]![row]])),
        )
        return await predictor.predict(tableFromRows(rows))
      } finally {
        await predictor.close()
      }
    }

    const withName = (pattern: RegExp) => cases.filter(({ name }) => pattern.test(name))

    test('there are many kinds', () => {
      expect(cases.length).toBeGreaterThan(60)
    })

    test('classifiers give the same labels, and the same probabilities where they have them', async () => {
      for (const given of withName(/^(?!several-labels)(?!.*regression)/)) {
        const { name, labels, classes, probabilities } = given
        const found = await predict(given)
        expect.soft([name, found.labels]).toEqual([name, labels])
        expect.soft([name, found.classes]).toEqual([name, probabilities ? classes : null])
        if (!probabilities) continue
        expect.soft(furthest(found.probabilities!, probabilities.flat()), name).toBeLessThan(TOLERANCE)
      }
    })

    test('regressions give the same values', async () => {
      for (const given of withName(/regression/)) {
        const found = await predict(given)
        expect.soft([given.name, found.classes, found.probabilities]).toEqual([given.name, null, null])
        expect.soft(furthest(found.labels as number[], given.labels as number[]), given.name).toBeLessThan(TOLERANCE)
      }
    })

    test('multilabel models give the same sets, and the same probability of each label', async () => {
      for (const given of withName(/^several-labels/)) {
        const { name, labels, probabilities } = given
        const found = await predict(given)
        expect.soft([name, found.classes]).toEqual([name, [0, 1, 2]])
        expect.soft([name, Array.from(found.indicators!)]).toEqual([name, (labels as number[][]).flat()])
        expect.soft(furthest(found.probabilities!, probabilities!.flat()), name).toBeLessThan(TOLERANCE)
      }
    })
  },
)

function furthest(found: ArrayLike<number>, expected: readonly number[]): number {
  expect(found.length).toBe(expected.length)
  return Math.max(...expected.map((value, i) => Math.abs(value - found[i]!) / Math.max(1, Math.abs(value))))
}
