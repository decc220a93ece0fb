import { createRequire } from 'node:module'
import { checkResult, type CheckResult } from '../../core/check.ts'
import { UserError } from '../../core/errors.ts'
import { exec } from '../../drivers/exec.ts'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CONFIG_FILE, type Session } from '../session.ts'

/** What is needed, and what some steps need: a result each, with what lacks without it. */
export async function machineResults(session: Session): Promise<CheckResult[]> {
  return [
    nodeVersion(),
    pipelineFile(session),
    await program(session, 'git', ['git', '--version'], 'Reports then name no commit, and fingerprints no branch'),
    await program(
      session,
      'python',
      ['python3', '--version'],
      'Models of scikit-learn and other Python libraries can then not be asked',
    ),
    await program(session, 'docker', ['docker', '--version'], 'Services of stages must then be installed, or given by URL'),
    optionalPackage('onnxruntime-node', 'ONNX models can then not be asked', 'npm install onnxruntime-node'),
    optionalPackage(
      '@electric-sql/pglite',
      'A PostgreSQL service then needs Docker, an installed server, or a URL',
      'npm install --save-dev @electric-sql/pglite @electric-sql/pglite-socket',
    ),
  ]
}

const LEAST_NODE = [20, 19] as const

function nodeVersion(): CheckResult {
  const base = { check: 'doctor.node', title: 'Node.js' }
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) {
    return checkResult({ ...base, verdict: 'pass', message: process.version })
  }
  return checkResult({
    ...base,
    verdict: 'fail',
    message: `${process.version} is older than ${LEAST_NODE.join('.')}`,
    hint: 'Install a newer Node.js.',
  })
}

function pipelineFile({ root }: Session): CheckResult {
  const base = { check: 'doctor.pipeline', title: CONFIG_FILE }
  if (existsSync(join(root, CONFIG_FILE))) return checkResult({ ...base, verdict: 'pass', message: join(root, CONFIG_FILE) })
  return checkResult({
    ...base,
    verdict: 'warn',
    message: `There is no ${CONFIG_FILE} in this folder or above it`,
    hint: 'Steps can be run alone; for plimsoll run, write one: see the getting started guide.',
  })
}

/** Whether a program answers with its version. */
async function program(
  { cwd, env }: Session,
  name: string,
  command: [string, ...string[]],
  without: string,
): Promise<CheckResult> {
  const base = { check: `doctor.${name}`, title: name }
  try {
    const { exitCode, tail } = await exec(command, { cwd, env, timeout: 10_000 })
    if (exitCode === 0) return checkResult({ ...base, verdict: 'pass', message: tail[0] ?? 'found' })
  } catch (error) {
    if (!(error instanceof UserError)) throw error
  }
  return checkResult({ ...base, verdict: 'warn', message: `${command[0]} is not found. ${without}.` })
}

function optionalPackage(name: string, without: string, hint: string): CheckResult {
  const base = { check: `doctor.${name.replace(/^@[^/]*\//, '')}`, title: name }
  try {
    createRequire(import.meta.url).resolve(name)
    return checkResult({ ...base, verdict: 'pass', message: 'installed' })
  } catch {
    return checkResult({ ...base, verdict: 'warn', message: `Not installed. ${without}.`, hint })
  }
}
