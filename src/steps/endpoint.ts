import { z } from 'zod'
import { UserError } from '../core/errors.ts'
import type { Resource, StepContext } from '../core/step.ts'
import { displayUrl, httpJson, httpRequest, type HttpResponse } from '../drivers/http.ts'
import { requireServing } from '../release/local/environments.ts'

/** The parameters that say where a model answers. */
export const endpointParams = {
  endpoint: z
    .string()
    .optional()
    .meta({ value: 'URL' })
    .describe('Address of the inference server, or of a model on it (…/v2/models/NAME); empty is the same as none'),
  environment: z.string().optional().meta({ value: 'NAME' }).describe('The environment to ask, where no address is given'),
}

export interface EndpointParams {
  readonly endpoint?: string | undefined
  readonly environment?: string | undefined
}

/** What the answer of an endpoint depends on. */
export function endpointReads({ endpoint, environment }: EndpointParams): Resource[] {
  if (endpoint) return [{ kind: 'unknown', why: `what ${displayUrl(endpoint)} serves can change at any time` }]
  return environment === undefined ? [] : [{ kind: 'environment', name: environment }]
}

/**
 * The address that the parameters stand for.
 *
 * @throws UserError E_USAGE when neither is given, E_NOT_FOUND when the environment serves nothing, E_VALUE for what is no address
 */
export async function endpointAddress({ stateDir }: StepContext, { endpoint, environment }: EndpointParams): Promise<string> {
  if (endpoint) {
    if (URL.canParse(endpoint) && /^https?:/i.test(endpoint)) return endpoint.replace(/\/+$/, '')
    throw new UserError('E_VALUE', `Not an http:// or https:// address: ${endpoint}`, {
      hint: 'Write the whole address, for example http://127.0.0.1:8080.',
    })
  }
  if (environment === undefined) {
    throw new UserError('E_USAGE', 'There is no endpoint to ask', { hint: 'Give --endpoint URL or --environment NAME.' })
  }
  return (await requireServing(stateDir, environment)).url
}

/** A model behind an address, found. */
export interface EndpointModel {
  readonly name: string
  /** `…/v2/models/NAME` */
  readonly url: string
  /** The address of the server, before `/v2`. */
  readonly server: string
}

/**
 * The model of an address that may name it or leave it to the server.
 *
 * @throws UserError E_NETWORK when the server cannot be reached or does not say, E_NOT_FOUND when it has not exactly one
 */
export async function findModel(address: string, signal: AbortSignal): Promise<EndpointModel> {
  const named = /^(.*)\/v2\/models\/([^/?#]+)(?:\/infer)?$/.exec(address)
  if (named) return { name: decodeURIComponent(named[2]!), url: `${named[1]}/v2/models/${named[2]}`, server: named[1]! }
  const server = address.replace(/\/v2$/, '')
  const metadata = z.object({ models: z.array(z.string()).optional() }).safeParse(await httpJson(`${server}/v2`, { signal }))
  const models = metadata.data?.models ?? []
  if (models.length !== 1) {
    const found = models.length === 0 ? 'does not say which model it has' : `has several models: ${models.join(', ')}`
    throw new UserError('E_NOT_FOUND', `${displayUrl(server)} ${found}`, {
      hint: `Name one: ${displayUrl(server)}/v2/models/NAME.`,
    })
  }
  return { name: models[0]!, url: `${server}/v2/models/${encodeURIComponent(models[0]!)}`, server }
}

/** A GET that may be answered by anything. */
export function get(url: string, signal: AbortSignal): Promise<HttpResponse> {
  return httpRequest(url, { signal, retries: 2 })
}
