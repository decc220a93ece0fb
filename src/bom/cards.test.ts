import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { cyclonedxProblems } from '../../test/fixtures/cyclonedx-schema.ts'
import { sha256 } from '../core/digest.ts'
import { NO_DESCRIPTION, parseDescription } from './description.ts'
import { mlBom } from './ml-bom.ts'
import { modelCard } from './model-card.ts'
import type { ModelFacts } from './model-facts.ts'
import { unknownsOf } from './unknown.ts'

const OPTIONS = { toolVersion: '1.2.3', timestamp: '2026-01-02T03:04:05Z' }
const interval = { lower: 0.889, upper: 0.922, confidence: 0.95, method: 'wilson' }

const FACTS: ModelFacts = {
  name: 'mortgage',
  version: '3',
  digest: sha256('weights'),
  file: 'model.onnx',
  bytes: 7,
  createdAt: '2026-01-02T03:04:05.000Z',
  data: { path: 'data/raw/', digest: sha256('data') },
  config: { path: 'configs/training.json', digest: sha256('config') },
  commit: 'c0ffee',
  dirty: true,
  environment: { python: '3.11.2', 'requirements.txt': sha256('lock') },
  command: 'python train.py `x` | tee log',
  seed: 42,
  parameters: { rate: 0.1, note: '```\n<script>' },
  runId: 'r1',
  task: 'classification',
  testData: { path: 'data/test.csv', digest: sha256('test') },
  testRows: 1189,
  metrics: [
    { name: 'accuracy', title: 'Accuracy', value: 0.9066, interval, n: 1189 },
    { name: 'own', title: 'Own', value: 3, interval: null, n: null },
  ],
  gates: [
    {
      name: 'validate-model',
      verdict: 'inconclusive',
      summary: '1 of 2 tests passed',
      about: { rows: 1189 },
      left: 0,
      checks: [
        {
          check: 'model.recall',
          title: 'Recall | of <b>"yes"</b>',
          verdict: 'inconclusive',
          message: 'about 300 more rows are needed',
          measurements: [],
        },
      ],
    },
    {
      name: 'check-fairness',
      verdict: 'pass',
      summary: 'two groups',
      about: {},
      left: 0,
      checks: [
        {
          check: 'fairness.rates.sex',
          title: 'Rates by sex',
          verdict: 'pass',
          message: 'm',
          measurements: [{ name: 'selection-rate', value: 0.25, n: 80, interval, slice: { sex: 'f' } }],
        },
      ],
    },
  ],
}

const DESCRIPTION = parseDescription(
  `
summary: Says whether a mortgage would be denied.
license: apache-2.0
authors: [{ name: Ada, email: ada@example.org }]
organization: { name: Example Bank, url: https://example.org }
repository: https://example.org/mortgage.git
approach: supervised
architecture: logistic regression
users: [loan officers]
intended-uses: [a second opinion]
out-of-scope-uses: [deciding alone]
limitations: [data of 1990]
tradeoffs: [recall for precision]
ethical-considerations: [{ name: redlining, mitigation: reviewed by people }]
fairness: [{ group: single applicants, harms: denials }]
datasets: [{ name: hmda, path: data/raw/, license: CC0-1.0, sensitive-data: [afam] }]
sections: { Citation: 'See the paper.' }
`,
  'model-card.yaml',
)

test('the bill of materials keeps to the official schema, whatever is known', () => {
  const bare: ModelFacts = {
    ...FACTS,
    data: null,
    config: null,
    commit: null,
    dirty: false,
    environment: {},
    command: null,
    seed: null,
    parameters: null,
    runId: null,
    task: null,
    testData: null,
    testRows: null,
    metrics: [],
    gates: [],
  }
  for (const facts of [FACTS, bare]) {
    for (const description of [DESCRIPTION, NO_DESCRIPTION]) {
      expect(cyclonedxProblems(mlBom(facts, description, OPTIONS))).toEqual([])
    }
  }
})

test('it says what the model is, what it was made from, and how sure its numbers are', () => {
  const bom = mlBom(FACTS, DESCRIPTION, OPTIONS)
  expect(bom).toMatchObject({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: {
      timestamp: '2026-01-02T03:04:05.000Z',
      component: {
        type: 'machine-learning-model',
        name: 'mortgage',
        version: '3',
        hashes: [{ alg: 'SHA-256', content: FACTS.digest.slice(7) }],
        licenses: [{ license: { id: 'Apache-2.0' } }],
        pedigree: { commits: [{ uid: 'c0ffee' }] },
        modelCard: {
          modelParameters: {
            task: 'classification',
            architectureFamily: 'logistic regression',
            approach: { type: 'supervised' },
          },
          quantitativeAnalysis: {
            performanceMetrics: [
              { type: 'accuracy', value: '0.9066', confidenceInterval: { lowerBound: '0.889', upperBound: '0.922' } },
              { type: 'own', value: '3' },
              { type: 'selection-rate', value: '0.25', slice: 'sex=f' },
            ],
          },
          considerations: {
            users: ['loan officers'],
            technicalLimitations: expect.arrayContaining([
              'data of 1990',
              expect.stringContaining('validate-model (inconclusive)'),
              'No interval is known of: Own.',
            ]) as unknown,
            ethicalConsiderations: [{ name: 'redlining', mitigationStrategy: 'reviewed by people' }],
          },
        },
      },
    },
    declarations: {
      claims: [
        { target: 'model', predicate: 'validate-model: inconclusive', counterEvidence: ['evidence-validate-model'] },
        { target: 'model', predicate: 'check-fairness: pass', evidence: ['evidence-check-fairness'] },
      ],
    },
    formulation: [{ workflows: [{ steps: [{ commands: [{ executed: FACTS.command }] }], outputs: [{ type: 'artifact' }] }] }],
  })
  const components = bom['components'] as { name: string; hashes?: unknown; licenses?: unknown }[]
  expect(components.map(({ name }) => name).toSorted()).toEqual(['configs/training.json', 'data/raw/', 'data/test.csv'])
  // The digest of a folder is no hash of bytes.
  expect(components.find(({ name }) => name === 'data/raw/')).toMatchObject({ licenses: [{ license: { id: 'CC0-1.0' } }] })
  expect(components.find(({ name }) => name === 'data/raw/')?.hashes).toBeUndefined()
})

test('the same content is the same document with the same serial number, another content another', () => {
  const text = JSON.stringify(mlBom(FACTS, DESCRIPTION, OPTIONS))
  expect(JSON.stringify(mlBom(structuredClone(FACTS), DESCRIPTION, OPTIONS))).toBe(text)
  const serial = (facts: ModelFacts) => mlBom(facts, DESCRIPTION, OPTIONS)['serialNumber']
  expect(serial(FACTS)).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(serial({ ...FACTS, seed: 43 })).not.toBe(serial(FACTS))
})

test('the front matter is what the hub reads', () => {
  const [, matter] = modelCard(FACTS, DESCRIPTION).split('---\n')
  expect(parse(matter!)).toMatchObject({
    license: 'apache-2.0',
    library_name: 'onnx',
    pipeline_tag: 'tabular-classification',
    datasets: ['hmda'],
    'model-index': [
      {
        name: 'mortgage',
        results: [
          {
            task: { type: 'tabular-classification' },
            dataset: { name: 'data/test.csv', revision: sha256('test') },
            metrics: [
              { type: 'accuracy', value: 0.9066, args: { n: 1189, interval: [0.889, 0.922] }, verified: false },
              { type: 'own', value: 3, verified: false },
            ],
          },
        ],
      },
    ],
  })
})

test('the card shows intervals, groups, open questions and what is not known, and text from results stays text', () => {
  const card = modelCard(FACTS, DESCRIPTION)
  expect(card).toContain('| Accuracy | 0.9066 | 0.889 to 0.922 (95 %, wilson) | 1,189 |')
  expect(card).toContain('| Own | 3 | not known | not known |')
  expect(card).toContain('| sex=f | selection-rate | 0.25 | 0.889 to 0.922 (95 %) | 80 |')
  expect(card).toContain('Recall \\| of &lt;b&gt;"yes"&lt;/b&gt;')
  expect(card).toContain('about 300 more rows are needed')
  expect(card).toContain('## Citation\n\nSee the paper.')
  expect(card).toContain('- The quality of its data. Run plimsoll check-data-quality in the pipeline before register-model.')
  expect(card).toContain('with uncommitted changes')
  expect(card.split('\n').filter((line) => line.startsWith('```'))).toHaveLength(2)
})

test('what is known is not asked for', () => {
  const asked = (facts: ModelFacts, description = DESCRIPTION) => unknownsOf(facts, description).map(({ what }) => what)
  expect(asked(FACTS)).toEqual(
    ['whether its data keep to a schema', 'the quality of its data', 'whether the file is safe to load', 'whom to ask'].slice(
      0,
      3,
    ),
  )
  expect(asked({ ...FACTS, commit: null, gates: [] }, NO_DESCRIPTION)).toEqual(
    expect.arrayContaining(['the commit', 'how it treats groups of people', 'the licence', 'whom to ask']),
  )
})

test.each([
  ['licence: MIT', 'licence'],
  ['license: [1', 'is not YAML'],
  ['repository: somewhere', 'repository'],
  ['- a list', 'expected object'],
])('a description that cannot be read is refused: %s', (content, named) => {
  expect(() => parseDescription(content, 'model-card.yaml')).toThrow(
    expect.objectContaining({ code: 'E_CONFIG', message: expect.stringContaining(named) as string }),
  )
})
