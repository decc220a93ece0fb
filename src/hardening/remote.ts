import { checkResult, type CheckResult } from '../core/check.ts'
import { UserError } from '../core/errors.ts'
import { httpRequest } from '../drivers/http.ts'
import { checkOf } from './results.ts'
import { RULES, type RuleId } from './rules.ts'

export interface Remote {
  /** `owner/name` */
  readonly repository: string
  readonly token: string
  /** `https://api.github.com` */
  readonly api: string
  readonly signal?: AbortSignal
}

/** What only the settings of the repository at GitHub say. What the token may not read is said to be unknown. */
export async function remoteResults(remote: Remote): Promise<CheckResult[]> {
  return [await branchProtection(remote), await environments(remote)]
}

async function branchProtection(remote: Remote): Promise<CheckResult> {
  const id = 'repository.branch-protection'
  const repository = await get(remote, '')
  if (typeof repository === 'string') return unknown(id, repository)
  const branch = String(repository['default_branch'])
  const head = await get(remote, `/branches/${encodeURIComponent(branch)}`)
  if (typeof head === 'string') return unknown(id, head)
  if (head['protected'] === true) return passed(id, `The branch ${branch} is protected`)
  // Rulesets protect without this flag.
  const rules = await get(remote, `/rules/branches/${encodeURIComponent(branch)}`)
  if (Array.isArray(rules) && rules.length > 0) return passed(id, `Rulesets protect the branch ${branch}`)
  return warned(id, `The branch ${branch} is not protected`)
}

async function environments(remote: Remote): Promise<CheckResult> {
  const id = 'workflow.environment-protection'
  const answer = await get(remote, '/environments?per_page=100')
  if (typeof answer === 'string') return unknown(id, answer)
  const all = Array.isArray(answer['environments']) ? (answer['environments'] as Record<string, unknown>[]) : []
  const bare = all.filter(
    ({ protection_rules: rules, deployment_branch_policy: policy }) => (!Array.isArray(rules) || rules.length === 0) && !policy,
  )
  if (bare.length === 0) return passed(id, `${all.length} environments, each with protection rules`)
  return warned(id, `No protection rules: ${bare.map(({ name }) => String(name)).join(', ')}`)
}

const titled = (id: RuleId) => ({ check: checkOf(id), title: RULES[id].check })
const passed = (id: RuleId, message: string): CheckResult => checkResult({ ...titled(id), verdict: 'pass', message })
const warned = (id: RuleId, message: string): CheckResult =>
  checkResult({ ...titled(id), verdict: 'warn', message, hint: RULES[id].fix })
const unknown = (id: RuleId, why: string): CheckResult =>
  checkResult({ ...titled(id), verdict: 'skip', message: `GitHub does not say: ${why}` })

/** The JSON of an answer, or why there is none. */
async function get({ repository, token, api, signal }: Remote, path: string): Promise<Record<string, unknown> | string> {
  try {
    const { status, text } = await httpRequest(`${api}/repos/${repository}${path}`, {
      headers: { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
      maxBytes: 4 << 20,
      ...(signal && { signal }),
    })
    if (status !== 200) return `it answered ${status}${status === 403 || status === 404 ? ': the token may not read this' : ''}`
    return JSON.parse(text) as Record<string, unknown>
  } catch (error) {
    if (error instanceof UserError || error instanceof SyntaxError) return error.message
    throw error
  }
}
