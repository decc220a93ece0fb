import { Enums, Models } from '@cyclonedx/cyclonedx-library'
import { digestOf } from '../core/digest.ts'
import { documentOf, newBom, property, sha256Hash, type BomOptions, type Json } from './cyclonedx.ts'
import type { Description } from './description.ts'
import { licenseOf } from './licenses.ts'
import type { GateFact, ModelFacts, NamedFile } from './model-facts.ts'
import { performanceMetrics } from './performance.ts'
import { limitsOfEvidence } from './unknown.ts'

/** A digest of a folder is over the names and digests of its files, and so no hash of bytes that anybody could compute. */
const isFolder = (path: string): boolean => path.endsWith('/')

/**
 * A CycloneDX 1.6 bill of materials of a model version: what it is, what it was made from, how well it does with which intervals,
 * and what its gates have said. What is not known is left out.
 */
export function mlBom(facts: ModelFacts, description: Description, options: BomOptions): Json {
  const model = modelComponent(facts, description)
  const bom = newBom(model, options)
  const made = madeFrom(facts, description)
  for (const component of made) bom.components.add(component)
  for (const component of made) model.dependencies.add(component.bomRef)
  return documentOf(bom, (document) => {
    const component = (document['metadata'] as Json)['component'] as Json
    if (description.authors.length > 0) component['authors'] = description.authors
    if (facts.commit !== null) {
      const notes = facts.dirty ? { notes: 'The working tree had changes that are in no commit.' } : {}
      component['pedigree'] = { commits: [{ uid: facts.commit }], ...notes }
    }
    component['modelCard'] = modelCard(facts, description)
    document['formulation'] = [formula(facts)]
    if (facts.gates.length > 0) document['declarations'] = declarations(facts)
  })
}

const MODEL_REF = 'model'
const DATA_REF = 'training-data'
const CONFIG_REF = 'training-configuration'
const TEST_REF = 'test-data'

function modelComponent(facts: ModelFacts, description: Description): Models.Component {
  const { repository, documentation } = description
  const link = (url: string, type: Enums.ExternalReferenceType) => new Models.ExternalReference(url, type)
  return new Models.Component(Enums.ComponentType.MachineLearningModel, facts.name, {
    bomRef: MODEL_REF,
    version: facts.version,
    hashes: sha256Hash(facts.digest),
    ...(description.summary !== undefined && { description: description.summary }),
    ...(description.organization && {
      supplier: new Models.OrganizationalEntity({
        name: description.organization.name,
        url: new Set(description.organization.url === undefined ? [] : [description.organization.url]),
      }),
    }),
    licenses: new Models.LicenseRepository(
      description.license === undefined
        ? []
        : [licenseOf(description['license-name'] ?? description.license, description['license-link'])],
    ),
    externalReferences: new Models.ExternalReferenceRepository([
      ...(repository === undefined ? [] : [link(repository, Enums.ExternalReferenceType.VCS)]),
      ...(documentation === undefined ? [] : [link(documentation, Enums.ExternalReferenceType.Documentation)]),
    ]),
    properties: new Models.PropertyRepository([
      property('file', facts.file),
      property('bytes', facts.bytes),
      property('registered', facts.createdAt),
      ...(facts.runId === null ? [] : [property('run', facts.runId)]),
      ...Object.entries(facts.environment).map(([name, value]) => property(`environment:${name}`, value)),
    ]),
  })
}

/** The files that the model was made from and tested on. */
function madeFrom({ data, config, testData }: ModelFacts, description: Description): Models.Component[] {
  const component = (type: Enums.ComponentType, ref: string, { path, digest }: NamedFile, use: string) => {
    const known = description.datasets.find((dataset) => dataset.path === path || dataset.name === path)
    return new Models.Component(type, path, {
      bomRef: ref,
      version: digest,
      ...(known?.description !== undefined && { description: known.description }),
      hashes: isFolder(path) ? new Models.HashDictionary() : sha256Hash(digest),
      licenses: new Models.LicenseRepository(known?.license === undefined ? [] : [licenseOf(known.license)]),
      properties: new Models.PropertyRepository([property('use', use)]),
    })
  }
  return [
    ...(data ? [component(Enums.ComponentType.Data, DATA_REF, data, 'training')] : []),
    ...(testData ? [component(Enums.ComponentType.Data, TEST_REF, testData, 'test')] : []),
    ...(config ? [component(Enums.ComponentType.File, CONFIG_REF, config, 'training configuration')] : []),
  ]
}

function modelCard(facts: ModelFacts, description: Description): Json {
  const metrics = performanceMetrics(facts)
  const considerations = considerationsOf(facts, description)
  return {
    'bom-ref': 'model-card',
    modelParameters: {
      ...(description.approach !== undefined && { approach: { type: description.approach } }),
      ...(facts.task !== null && { task: facts.task }),
      ...(description.architecture !== undefined && { architectureFamily: description.architecture }),
      datasets: [...(facts.data ? [{ ref: DATA_REF }] : []), ...(facts.testData ? [{ ref: TEST_REF }] : [])],
    },
    ...(metrics.length > 0 && { quantitativeAnalysis: { performanceMetrics: metrics } }),
    ...(Object.keys(considerations).length > 0 && { considerations }),
    properties: facts.metrics.flatMap(({ name, n, interval }) => [
      ...(n === null ? [] : [plain(`metric:${name}:n`, n)]),
      ...(interval === null ? [] : [plain(`metric:${name}:interval`, `${interval.method} ${interval.confidence}`)]),
    ]),
  }
}

const plain = (name: string, value: string | number): Json => ({ name: `plimsoll:${name}`, value: String(value) })

function considerationsOf(facts: ModelFacts, description: Description): Json {
  const limits = [
    ...description.limitations,
    ...limitsOfEvidence(facts),
    ...description['out-of-scope-uses'].map((use) => `Not for: ${use}`),
  ]
  const fairness = description.fairness.map(({ group, benefits, harms, mitigation }) => ({
    groupAtRisk: group,
    ...(benefits !== undefined && { benefits }),
    ...(harms !== undefined && { harms }),
    ...(mitigation !== undefined && { mitigationStrategy: mitigation }),
  }))
  const ethical = description['ethical-considerations'].map(({ name, mitigation }) => ({
    name,
    ...(mitigation !== undefined && { mitigationStrategy: mitigation }),
  }))
  const parts = {
    users: description.users,
    useCases: description['intended-uses'],
    technicalLimitations: limits,
    performanceTradeoffs: description.tradeoffs,
    ethicalConsiderations: ethical,
    fairnessAssessments: fairness,
  }
  return Object.fromEntries(Object.entries(parts).filter(([, values]) => values.length > 0))
}

/** How the model was made. */
function formula(facts: ModelFacts): Json {
  const inputs = [
    ...(facts.data ? [{ resource: { ref: DATA_REF } }] : []),
    ...(facts.config ? [{ resource: { ref: CONFIG_REF } }] : []),
    ...(Object.keys(facts.environment).length > 0
      ? [{ environmentVars: Object.entries(facts.environment).map(([name, value]) => ({ name, value })) }]
      : []),
  ]
  return {
    'bom-ref': 'formulation',
    workflows: [
      {
        'bom-ref': 'training',
        uid: facts.runId ?? `${facts.name}/${facts.version}`,
        name: 'training',
        taskTypes: ['build'],
        ...(facts.command !== null && { steps: [{ name: 'train', commands: [{ executed: facts.command }] }] }),
        ...(inputs.length > 0 && { inputs }),
        outputs: [{ type: 'artifact', resource: { ref: MODEL_REF } }],
        properties: [
          ...(facts.seed === null ? [] : [plain('seed', facts.seed)]),
          ...(facts.parameters === null ? [] : [plain('parameters', JSON.stringify(facts.parameters))]),
          ...(facts.commit === null ? [] : [plain('commit', facts.commit), plain('dirty', String(facts.dirty))]),
        ],
      },
    ],
  }
}

/** What could not be decided is no support. */
const supports = ({ verdict }: GateFact): boolean => verdict === 'pass' || verdict === 'warn'

/** What each gate says of the model, and on what evidence. */
function declarations({ gates, name, version }: ModelFacts): Json {
  const evidenceOf = (gate: GateFact): Json => ({
    'bom-ref': `evidence-${gate.name}`,
    propertyName: `plimsoll:gate:${gate.name}`,
    data: [
      {
        name: gate.name,
        contents: { attachment: { contentType: 'application/json', content: JSON.stringify(gate) } },
      },
    ],
  })
  return {
    claims: gates.map((gate) => ({
      'bom-ref': `claim-${gate.name}`,
      target: MODEL_REF,
      predicate: `${gate.name}: ${gate.verdict}`,
      reasoning: gate.summary,
      [supports(gate) ? 'evidence' : 'counterEvidence']: [`evidence-${gate.name}`],
    })),
    evidence: gates.map(evidenceOf),
    attestations: [
      {
        summary: `The gates of ${name}/${version}, as they were when it was registered (${digestOf(gates)})`,
        map: gates.map((gate) => ({ [supports(gate) ? 'claims' : 'counterClaims']: [`claim-${gate.name}`] })),
      },
    ],
  }
}
