import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { messageOf, UserError } from '../../core/errors.ts'
import type { MetricKind } from './metric-kind.ts'
import { defineMetric, type OwnMetric } from './own-metric.ts'

/**
 * The metrics of a JavaScript module: its default export, or the one named `metrics`, is a list of them.
 *
 * @throws UserError E_FILE_MISSING; E_FILE_FORMAT when it cannot be loaded or exports no such list; E_VALUE for a metric that is wrong
 */
export async function loadMetricModule(path: string, cwd: string): Promise<MetricKind[]> {
  const absolute = resolve(cwd, path)
  if (!existsSync(absolute)) throw new UserError('E_FILE_MISSING', `There is no module of metrics ${path}`)
  const module = (await import(pathToFileURL(absolute).href).catch((error: unknown) => {
    throw new UserError('E_FILE_FORMAT', `${path} cannot be loaded as a module of metrics: ${messageOf(error)}`, {
      hint: 'It is a JavaScript module (.mjs) that exports a list of metrics.',
      cause: error,
    })
  })) as { readonly default?: unknown; readonly metrics?: unknown }
  const list = module.metrics ?? module.default
  if (!Array.isArray(list) || list.length === 0) {
    throw new UserError('E_FILE_FORMAT', `${path} exports no list of metrics`, {
      hint: 'Write `export default [{ name, good, row }]`.',
    })
  }
  const kinds = (list as OwnMetric[]).map(defineMetric)
  const twice = kinds.find(({ name }, i) => kinds.findIndex((other) => other.name === name) !== i)
  if (twice) throw new UserError('E_VALUE', `${path} has two metrics named "${twice.name}"`)
  return kinds
}
