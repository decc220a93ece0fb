import { AwsV4Signer } from 'aws4fetch'
import { XMLParser } from 'fast-xml-parser'
import picomatch from 'picomatch'
import { UserError } from '../../core/errors.ts'
import { redactor } from '../../core/redact.ts'
import { httpRequest } from '../http.ts'
import type { S3Address } from './address.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** More objects than this are not one data set, but a mistake in the prefix. */
const MOST_OBJECTS = 100_000

/** A bucket of S3, or of a store that speaks its protocol. */
export interface Bucket {
  urlOf(key: string): URL
  /** Headers with a signature for a GET; none where there are no credentials, as for a public bucket. */
  sign(url: URL): Promise<Record<string, string>>
  /** What an answer outside 200-299 means. */
  refusal(name: string, status: number, body: string): UserError
}

/**
 * @param env AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION or AWS_DEFAULT_REGION, and
 *   AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL for another store than Amazon's, which is addressed by path
 * @throws UserError E_VALUE when only a part of the credentials is there, or the endpoint is no URL
 */
export function openBucket(bucket: string, env: Environment): Bucket {
  const base = baseUrl(bucket, env)
  const credentials = credentialsOf(env)
  const redact = redactor(
    [credentials?.secretAccessKey, credentials?.sessionToken, credentials?.accessKeyId].filter((text) => text !== undefined),
  )
  return {
    urlOf: (key) => new URL(key.split('/').map(encodeURIComponent).join('/'), base),
    async sign(url) {
      if (!credentials) return {}
      const { headers } = await new AwsV4Signer({
        method: 'GET',
        url: url.href,
        service: 's3',
        region: regionOf(env),
        ...credentials,
      }).sign()
      return Object.fromEntries([...headers].filter(([name]) => name !== 'host'))
    },
    refusal: (name, status, body) => refusalOf(name, status, redact(body), credentials !== undefined),
  }
}

const regionOf = (env: Environment): string => env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || 'us-east-1'

interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

function credentialsOf(env: Environment): Credentials | undefined {
  const [accessKeyId, secretAccessKey] = [env['AWS_ACCESS_KEY_ID'], env['AWS_SECRET_ACCESS_KEY']]
  const sessionToken = env['AWS_SESSION_TOKEN']
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) }
  if (!accessKeyId && !secretAccessKey) return undefined
  const missing = accessKeyId ? 'AWS_SECRET_ACCESS_KEY' : 'AWS_ACCESS_KEY_ID'
  throw new UserError('E_VALUE', `The credentials for s3:// are not whole: ${missing} is not set`, {
    hint: 'Set both, or none for a public bucket.',
  })
}

function baseUrl(bucket: string, env: Environment): URL {
  const endpoint = env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL']
  if (endpoint === undefined || endpoint === '') {
    const host = `s3.${regionOf(env)}.amazonaws.com`
    // A certificate for *.s3.… does not hold for a name with a dot in it.
    const url = bucket.includes('.') ? `https://${host}/${bucket}/` : `https://${bucket}.${host}/`
    if (URL.canParse(url)) return new URL(url)
    throw new UserError('E_VALUE', 'AWS_REGION is not the name of a region', { hint: 'Such as eu-central-1.' })
  }
  if (/^https?:\/\//i.test(endpoint) && URL.canParse(endpoint)) return new URL(`${bucket}/`, `${endpoint.replace(/\/*$/, '')}/`)
  throw new UserError('E_VALUE', 'AWS_ENDPOINT_URL is not an http:// or https:// URL', {
    hint: 'Such as http://127.0.0.1:9000.',
  })
}

const HINTS: Readonly<Record<number, string>> = {
  301: 'The bucket is in another region: set AWS_REGION.',
  307: 'The bucket is in another region: set AWS_REGION.',
  400: 'See whether AWS_REGION is the region of the bucket, and the credentials are complete.',
  404: 'See whether bucket and key are right; all objects under a prefix are named with a slash at its end.',
}

function refusalOf(name: string, status: number, body: string, signed: boolean): UserError {
  // The rest of the answer may repeat what was signed.
  const code = /<Code>([A-Za-z0-9]{1,60})<\/Code>/.exec(body)?.[1]
  const forbidden = signed
    ? 'See what the credentials in AWS_ACCESS_KEY_ID may read.'
    : 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.'
  return new UserError(
    status === 404 ? 'E_FILE_MISSING' : 'E_NETWORK',
    `${name}: the store answers ${status}${code ? ` ${code}` : ''}`,
    {
      hint: status === 401 || status === 403 ? forbidden : HINTS[status],
      location: { file: name },
    },
  )
}

/** Whether an address names many objects. */
export const isMany = ({ key }: S3Address): boolean => key === '' || key.endsWith('/') || picomatch.scan(key).isGlob

/**
 * The keys that a prefix or a glob stands for, in the order of their bytes (ListObjectsV2).
 *
 * @throws UserError E_NETWORK, E_FILE_MISSING
 */
export async function listKeys(bucket: Bucket, { bucket: name, key }: S3Address, signal?: AbortSignal): Promise<string[]> {
  const isGlob = picomatch.scan(key).isGlob
  const prefix = isGlob ? key.slice(0, key.search(/[*?[\]{}()!@+]/)) : key
  const matches = isGlob ? picomatch(key, { dot: true }) : () => true
  const display = `s3://${name}/${key}`
  const keys: string[] = []
  let token: string | undefined
  do {
    const url = bucket.urlOf('')
    url.searchParams.set('list-type', '2')
    url.searchParams.set('encoding-type', 'url')
    url.searchParams.set('prefix', prefix)
    if (token !== undefined) url.searchParams.set('continuation-token', token)
    const answer = await httpRequest(url, {
      headers: await bucket.sign(url),
      redirect: 'manual',
      retries: 4,
      timeout: 60_000,
      name: display,
      ...(signal && { signal }),
    })
    if (answer.status !== 200) throw bucket.refusal(display, answer.status, answer.text)
    const page = parsePage(answer.text, display)
    keys.push(...page.keys.filter((found) => !found.endsWith('/') && matches(found)))
    if (keys.length > MOST_OBJECTS) {
      throw new UserError('E_VALUE', `${display} stands for more than ${MOST_OBJECTS} objects`, { hint: 'Name a longer prefix.' })
    }
    token = page.next
  } while (token !== undefined)
  return keys
}

const parser = new XMLParser({ parseTagValue: false, isArray: (tag) => tag === 'Contents' })

interface ListPage {
  readonly ListBucketResult?: {
    readonly Contents?: readonly { readonly Key: string }[]
    readonly NextContinuationToken?: string
  }
}

function parsePage(xml: string, display: string): { keys: string[]; next: string | undefined } {
  const { ListBucketResult: result } = parser.parse(xml) as ListPage
  if (result === undefined) {
    throw new UserError('E_NETWORK', `${display}: the store does not answer as S3 does`, {
      hint: 'See whether AWS_ENDPOINT_URL is the address of an object store.',
    })
  }
  const contents = typeof result === 'object' ? (result.Contents ?? []) : []
  return { keys: contents.map(({ Key }) => decodeURIComponent(Key.replaceAll('+', ' '))), next: result.NextContinuationToken }
}
