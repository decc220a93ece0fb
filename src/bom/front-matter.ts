import { stringify } from 'yaml'
import type { Description } from './description.ts'
import type { MetricFact, ModelFacts } from './model-facts.ts'

/** Names that the Hugging Face hub has for our metrics; others keep their own, with underscores. */
const HUB_METRICS: Readonly<Record<string, string>> = {
  'roc-auc': 'roc_auc',
  'root-mean-squared-error': 'rmse',
  'mean-absolute-error': 'mae',
  'mean-squared-error': 'mse',
  'matthews-correlation': 'matthews_correlation',
}

const hubMetric = (name: string): string => HUB_METRICS[name] ?? name.replaceAll('-', '_')

/** What our tasks are called on the hub, for models that score the rows of a table. */
const HUB_TASKS: Readonly<Record<string, string>> = {
  classification: 'tabular-classification',
  multilabel: 'tabular-classification',
  regression: 'tabular-regression',
}

/** The libraries that load a file by its extension alone. */
const LIBRARIES: Readonly<Record<string, string>> = { onnx: 'onnx', safetensors: 'safetensors', keras: 'keras', gguf: 'gguf' }

/** The metadata of a model card on the Hugging Face hub (hub docs, model-cards): the YAML between the two lines of dashes. */
export function frontMatter(facts: ModelFacts, description: Description): string {
  const task = description['pipeline-tag'] ?? (facts.task === null ? undefined : HUB_TASKS[facts.task])
  const library = description.library ?? LIBRARIES[facts.file.split('.').at(-1) ?? '']
  const metadata = {
    ...licenseFields(description),
    ...(description.languages.length > 0 && { language: description.languages }),
    ...(library !== undefined && { library_name: library }),
    ...(task !== undefined && { pipeline_tag: task }),
    ...(description['base-model'] !== undefined && { base_model: description['base-model'] }),
    tags: [...new Set(['plimsoll', ...description.tags])],
    ...(description.datasets.length > 0 && { datasets: description.datasets.map(({ name }) => name) }),
    ...(facts.metrics.length > 0 && { metrics: [...new Set(facts.metrics.map(({ name }) => hubMetric(name)))] }),
    ...(facts.metrics.length > 0 && { 'model-index': [{ name: facts.name, results: [evaluation(facts, task)] }] }),
  }
  return stringify(metadata, { lineWidth: 0 })
}

function licenseFields(description: Description): Record<string, string> {
  const { license, 'license-name': name, 'license-link': link } = description
  if (license === undefined) return {}
  return {
    license: name === undefined ? license.toLowerCase() : 'other',
    ...(name !== undefined && { license_name: name }),
    ...(link !== undefined && { license_link: link }),
  }
}

/** One result of `model-index`. `verified` is the hub's own word for what it has measured itself, so it is false here. */
function evaluation({ testData, task, metrics }: ModelFacts, hubTask: string | undefined): unknown {
  return {
    task: { type: hubTask ?? task ?? 'other' },
    dataset: {
      name: testData?.path ?? 'not recorded',
      type: testData?.path ?? 'not recorded',
      ...(testData && { revision: testData.digest }),
    },
    metrics: metrics.map((metric) => ({
      type: hubMetric(metric.name),
      value: metric.value,
      name: metric.title,
      ...(argumentsOf(metric) && { args: argumentsOf(metric) }),
      verified: false,
    })),
  }
}

function argumentsOf({ interval, n }: MetricFact): Record<string, unknown> | undefined {
  if (interval === null && n === null) return undefined
  const { lower = null, upper = null, confidence, method } = interval ?? {}
  return { ...(n !== null && { n }), ...(interval && { interval: [lower, upper], confidence, method }) }
}
