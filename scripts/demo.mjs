// `npm run demo`: the example pipeline, end to end, on real data.
// `npm run demo -- --break KIND`: the same on a copy in .demo/, with one thing made bad while a good release is in production.
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { root, setUp } from './setup.mjs'

const example = join(root, 'examples', 'mortgage')
const KINDS = ['data', 'model', 'fairness', 'security', 'smoke', 'load']
/** What runs leave behind; a copy of the example starts without them. */
const LEFT_BEHIND = new Set(['.plimsoll', 'artifacts', 'node_modules', 'results'])

const say = (text = '') => process.stderr.write(`${text}\n`)

/** Runs Plimsoll in a project, with a load test short enough to watch. Answers its exit code and what it printed when asked to. */
function plimsoll(project, parameters, { capture = false } = {}) {
  const env = { LOAD_TEST_DURATION: '5s', ...process.env }
  const stdio = ['inherit', capture ? 'pipe' : 'inherit', capture ? 'pipe' : 'inherit']
  const child = spawn(process.execPath, [join(root, 'bin', 'plimsoll.js'), ...parameters], { cwd: project, env, stdio })
  let out = ''
  let talk = ''
  child.stdout?.on('data', (chunk) => (out += chunk))
  child.stderr?.on('data', (chunk) => (talk += chunk))
  running = child
  return new Promise((resolve) => child.on('close', (code) => resolve({ code: code ?? 2, out, talk })))
}

let running
/** The exit code that a signal asks for. What runs stops what it started, and this script waits for that. */
let stopped
process.on('SIGINT', () => (stopped = 130)) // Ctrl-C reaches the child by itself
process.on('SIGTERM', () => {
  stopped = 143
  running?.kill('SIGTERM')
})

const RUN = ['run', '--branch', 'main', '--yes']

async function demo() {
  say('The mortgage example, run as on the main branch. Its load test takes 5 s here instead of 60 s.\n')
  const { code } = await plimsoll(example, RUN)
  rmSync(join(root, 'results'), { recursive: true, force: true })
  if (existsSync(join(example, 'results'))) cpSync(join(example, 'results'), join(root, 'results'), { recursive: true })
  if (code === 0 && !stopped) await demoOfDoubt()
  if (code === 0 && !stopped) await demoOfTrust()
  return stopped ?? code
}

/** What these gates can and cannot tell, and what a gate says that has too few rows. Neither changes how the demo ends. */
async function demoOfDoubt() {
  say('\nHow honest are these gates? plimsoll audit says what each can tell with the rows that there are:\n')
  await plimsoll(example, ['audit'])
  const strict = ['test', 'results/predictions.parquet', '--label', 'deny', '--positive', 'yes', '--tests', 'accuracy>=0.9']
  say(`\nAnd what would a stricter one say? plimsoll ${strict.join(' ')}\n`)
  await plimsoll(example, strict)
}

/** All that is known of the version is signed, and held against the key. Does not change how the demo ends. */
async function demoOfTrust() {
  // Beside the state that holds what was signed: both are there, or neither is.
  const keys = join(example, '.plimsoll', 'demo-keys')
  const file = (name) => join(keys, name)
  say(
    '\nWho vouches for this model? Its gates, signed. plimsoll keys generate, plimsoll sign mortgage, plimsoll verify mortgage:\n',
  )
  if (!existsSync(file('demo.key')))
    await plimsoll(example, ['keys', 'generate', '--name', 'demo', '--output', keys], { capture: true })
  await plimsoll(example, ['sign', 'mortgage', '--key', file('demo.key')])
  await plimsoll(example, ['verify', 'mortgage', '--key', file('demo.pub')])
}

async function demoBroken(kind) {
  const { BREAKS } = await import('./demo-breaks.mjs')
  const { what, gate, apply } = BREAKS[kind]
  const project = copyExample()
  let undo
  try {
    say('First a good release, on a copy of the example in .demo/mortgage …')
    const good = await plimsoll(project, [...RUN, '--keep', '--quiet'], { capture: true })
    if (stopped) return stopped
    if (good.code !== 0) {
      process.stderr.write(good.talk + good.out)
      say('\nThe good release did not come through, so there is nothing to break.')
      return 2
    }
    await plimsoll(project, ['environments', 'start', '--all'], { capture: true })
    const before = await production(project)
    say(`In production: ${before.release} at ${before.url}.\n`)
    say(`Now something goes wrong. ${what}`)
    say(`The gate that should stop it: ${gate}.\n`)
    undo = await apply({ project, staging: (await environment(project, 'staging')).url })
    const { code } = await plimsoll(project, RUN)
    if (stopped) return stopped
    const after = await production(project)
    const same = after.ready && after.digest === before.digest
    say(
      `\nProduction ${same ? 'still serves' : 'NO LONGER serves'} ${before.release}: ${after.url} answers ${after.status}, model ${after.digest}.`,
    )
    return same ? code : 2
  } finally {
    undo?.()
    await plimsoll(project, ['environments', 'stop', '--all'], { capture: true })
  }
}

/** A fresh copy of the example; the state of earlier demos stays, so that what is unchanged comes from the cache. */
function copyExample() {
  const project = join(root, '.demo', 'mortgage')
  mkdirSync(project, { recursive: true })
  for (const name of readdirSync(project)) if (name !== '.plimsoll') rmSync(join(project, name), { recursive: true, force: true })
  cpSync(example, project, { recursive: true, filter: (path) => !LEFT_BEHIND.has(basename(path)) })
  return project
}

async function environment(project, name) {
  const { out } = await plimsoll(project, ['environments', 'list', '--json'], { capture: true })
  return JSON.parse(out).find((each) => each.name === name)
}

/** What production answers to a client, not what our own records say of it. */
async function production(project) {
  const { url, ...record } = await environment(project, 'production')
  const response = await fetch(`${url}/v2/health/ready`).catch(() => undefined)
  const digest = response?.headers.get('x-model-digest')?.replace('sha256:', '').slice(0, 12) ?? 'none'
  return {
    url,
    ready: response?.ok === true,
    status: response?.status ?? 'nothing',
    digest,
    release: describe(record.release),
  }
}

const describe = ({ id, modelName, modelVersion }) => `${modelName}/${modelVersion} (release ${id})`

/** What to break, from the command line; undefined: nothing. */
function kindToBreak() {
  let problem
  try {
    const { values } = parseArgs({ options: { break: { type: 'string' } } })
    if (values.break === undefined || KINDS.includes(values.break)) return values.break
    problem = `There is no way to break "${values.break}".`
  } catch (error) {
    problem = error.message
  }
  say(`${problem}\nUsage: npm run demo [-- --break ${KINDS.join('|')}]`)
  return process.exit(2)
}

const kind = kindToBreak()
setUp()
process.exitCode = kind ? await demoBroken(kind) : await demo()
