import { UserError } from '../../core/errors.ts'
import type { ServiceContext, ServiceWay } from './service.ts'
import { answers } from './tcp.ts'

/** A service whose URL the environment gives. It is used as it is, and left as it is. */
export function givenUrl(
  name: string,
  variable: string,
  defaultPort: number,
): (context: ServiceContext) => Promise<ServiceWay | undefined> {
  return ({ env }) => {
    const url = Object.hasOwn(env, variable) ? env[variable] : undefined
    if (url === undefined || url === '') return Promise.resolve(undefined)
    return Promise.resolve({
      via: 'url',
      detail: variable,
      async start() {
        let parsed: URL
        try {
          parsed = new URL(url)
        } catch {
          throw new UserError('E_SERVICE', `${variable} is not a URL.`, {
            hint: `Write ${name}://user:password@host:port/name, or unset it.`,
          })
        }
        const host = decodeURIComponent(parsed.hostname).replace(/^\[|\]$/g, '') || 'localhost'
        const port = Number(parsed.port) || defaultPort
        // A socket in the file system is named by a path; whether it answers is for the client to find out.
        if (!host.startsWith('/') && !(await answers({ host, port }, undefined, 5000))) {
          throw new UserError('E_SERVICE', `${name} does not answer at ${host}:${port}, the address in ${variable}.`, {
            hint: `Start it, correct ${variable}, or unset it to have one started for the stage.`,
          })
        }
        return {
          url,
          secrets: [parsed.password, decodeURIComponent(parsed.password)].filter(Boolean),
          stop: () => Promise.resolve(),
        }
      },
    })
  }
}
