import { expect, test } from 'vitest'
import { cyclonedxProblems } from '../../test/fixtures/cyclonedx-schema.ts'
import { sha256 } from '../core/digest.ts'
import { packageRoot } from '../drivers/self.ts'
import { installedPackages } from './installed-packages.ts'
import { parseRequirements } from './requirements.ts'
import { runtimeBom, type Runtime } from './runtime-bom.ts'

const runtime = async (): Promise<Runtime> => ({
  name: 'mortgage',
  version: '3',
  imageDigest: sha256('image'),
  model: { path: 'model.joblib', digest: sha256('weights') },
  files: [{ path: 'schemas/input.json', digest: sha256('schema') }],
  nodeVersion: '20.19.0',
  packages: await installedPackages(packageRoot),
  python: { file: 'requirements.txt', requirements: parseRequirements('scikit-learn==1.7.0\nnumpy>=2\n') },
})

test('the packages are those that are installed, with what they need in turn, and nothing that only tests need', async () => {
  const packages = await installedPackages(packageRoot)
  const names = [...packages.values()].map(({ name }) => name)
  expect(names[0]).toBe('plimsoll')
  expect(names).toEqual(expect.arrayContaining(['commander', '@duckdb/node-api', 'vega-scale']))
  expect(names).not.toContain('vitest')
  for (const { needs } of packages.values()) for (const key of needs) expect(packages.has(key)).toBe(true)
})

test('the bill of materials of the runtime keeps to the official schema, and is the same for the same input', async () => {
  const options = { toolVersion: '1.2.3', timestamp: '1970-01-01T00:00:00.000Z' }
  const document = runtimeBom(await runtime(), options)
  expect(cyclonedxProblems(document)).toEqual([])
  expect(JSON.stringify(runtimeBom(await runtime(), options))).toBe(JSON.stringify(document))
  const components = document['components'] as { name: string; purl?: string; group?: string; licenses?: object[] }[]
  const find = (name: string) => components.find((component) => component.name === name)
  expect(find('model.joblib')).toMatchObject({
    type: 'machine-learning-model',
    hashes: [{ alg: 'SHA-256', content: sha256('weights').slice(7) }],
  })
  expect(find('schemas/input.json')).toMatchObject({ type: 'file' })
  expect(find('node-api')).toMatchObject({ group: '@duckdb', licenses: [{ license: { id: 'MIT' } }] })
  expect(find('node-api')?.purl).toMatch(/^pkg:npm\/%40duckdb\/node-api@/)
  expect(find('scikit-learn')?.purl).toBe('pkg:pypi/scikit-learn@1.7.0')
  expect(find('numpy')?.purl).toBe('pkg:pypi/numpy')
  expect(components).toContainEqual(expect.objectContaining({ type: 'platform', name: 'node', version: '20.19.0' }))
  const graph = document['dependencies'] as { ref: string; dependsOn?: string[] }[]
  const of = (ref: string) => graph.find((each) => each.ref.startsWith(ref))?.dependsOn ?? []
  expect(of('image')).toEqual(expect.arrayContaining(['model', expect.stringMatching(/^npm:plimsoll@/)]))
  expect(of('npm:plimsoll@')).toEqual(expect.arrayContaining([expect.stringMatching(/^npm:commander@/)]))
})

test('a requirements file is read as pip reads it', () => {
  const text = `
# comment
--index-url https://example.org
Scikit_Learn[extra] == 1.7.0 ; python_version > "3.9"  # why
numpy>=2,<3
torch==2.* 
pandas==2.2.3 \\
    --hash=sha256:${'0'.repeat(64)}
-e .
https://example.org/x.whl
ruamel.yaml===0.18
`
  expect(parseRequirements(text).map(({ name, version }) => [name, version])).toEqual([
    ['scikit-learn', '1.7.0'],
    ['numpy', null],
    ['torch', null],
    ['pandas', '2.2.3'],
    ['ruamel-yaml', '0.18'],
  ])
})
