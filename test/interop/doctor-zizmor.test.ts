import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { RuleId } from '../../src/hardening/rules.ts'
import { TextFile } from '../../src/hardening/text-file.ts'
import { workflowFindings } from '../../src/hardening/workflow/checks.ts'
import { lacks, ZIZMOR } from './peers.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-zizmor-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Our rules for what zizmor's audits find. */
const SAME: Record<string, readonly RuleId[]> = {
  'unpinned-uses': ['workflow.unpinned-action'],
  'template-injection': ['workflow.script-injection'],
  'dangerous-triggers': ['workflow.dangerous-trigger'],
  'excessive-permissions': ['workflow.permissions'],
  artipacked: ['workflow.persisted-credentials'],
  'secrets-inherit': ['workflow.secrets-inherit'],
  'overprovisioned-secrets': ['workflow.all-secrets'],
  'unpinned-images': ['workflow.unpinned-image'],
  'hardcoded-container-credentials': ['workflow.static-credentials'],
  'cache-poisoning': ['workflow.release-cache'],
}

const steps = (text: string): string =>
  `jobs:\n  one:\n    runs-on: ubuntu-latest\n    steps:\n${text.replaceAll(/^/gm, '      ')}\n`

const WORKFLOWS: Record<string, string> = {
  injection: `on: [issue_comment, pull_request_target]\n${steps(`- run: echo "\${{ github.event.comment.body }}"
- run: |
    echo "\${{ github.head_ref }}"
    echo "\${{ format('{0}', github.event.issue.title) }}"
- uses: actions/github-script@v7
  with: { script: 'console.log("\${{ github.event.pull_request.title }}")' }
- run: echo "\${{ github.event.pull_request.head.label || 'none' }}" \${{ github.ref_name }}`)}`,
  inputs: `on:\n  workflow_dispatch:\n    inputs:\n      name: { type: string }\n      flag: { type: boolean }\npermissions: {}\n${steps('- run: echo ${{ inputs.name }} ${{ inputs.flag }} ${{ github.event.inputs.name }}')}`,
  checkout: `on: push\npermissions: write-all\n${steps('- uses: actions/checkout@main\n- uses: owner/action@v1.2.3')}`,
  called: `on: push\npermissions: {}\njobs:\n  two:\n    uses: other/repo/.github/workflows/x.yml@v1\n    secrets: inherit\n`,
  container: `on: push\npermissions: {}\njobs:\n  three:\n    runs-on: ubuntu-latest\n    container:\n      image: ghcr.io/a/b:latest\n      credentials: { username: me, password: hackme }\n    steps:\n      - run: echo \${{ toJSON(secrets) }}\n`,
  release: `on: { push: { tags: ['v*'] } }\npermissions: {}\n${steps('- uses: actions/cache@v4\n- uses: pypa/gh-action-pypi-publish@release/v1')}`,
  completed: `on: { workflow_run: { workflows: [a], types: [completed] } }\n${steps('- run: "true"')}`,
}

interface Zizmor {
  readonly ident: string
  readonly locations: readonly {
    readonly symbolic: { readonly kind: unknown; readonly key: { readonly Local?: { readonly verbatim_path: string } } }
    readonly concrete: { readonly location: { readonly start_point: { readonly row: number } } }
  }[]
}

test.skipIf(lacks('zizmor'))('what zizmor finds is found too (zizmor)', () => {
  const workflows = join(folder, '.github/workflows')
  mkdirSync(workflows, { recursive: true })
  for (const [name, text] of Object.entries(WORKFLOWS)) writeFileSync(join(workflows, `${name}.yml`), text)
  const said = execFileSync(ZIZMOR, ['--offline', '--no-progress', '--no-exit-codes', '--format=json', folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const theirs = JSON.parse(said) as Zizmor[]
  const compared = theirs.filter(({ ident }) => ident in SAME)
  expect(compared.length).toBeGreaterThan(15)
  expect(new Set(compared.map(({ ident }) => ident)).size).toBeGreaterThan(7)
  const missed = compared.flatMap(({ ident, locations }) => {
    const file = /([\w-]+)\.yml$/.exec(locations[0]!.symbolic.key.Local?.verbatim_path ?? '')?.[1] ?? ''
    const ours = workflowFindings(new TextFile(`.github/workflows/${file}.yml`, WORKFLOWS[file] ?? ''))
    const found = ours.some(({ rule }) => SAME[ident]!.includes(rule))
    return found ? [] : [`${file}: ${ident} at line ${locations[0]!.concrete.location.start_point.row + 1}`]
  })
  expect(missed).toEqual([])
  // Every injection by itself, as one of several is easily missed.
  for (const name of ['injection', 'inputs']) {
    const rows = (ident: string) =>
      theirs.filter(
        (each) => each.ident === ident && each.locations[0]!.symbolic.key.Local?.verbatim_path.endsWith(`${name}.yml`),
      ).length
    const ours = workflowFindings(new TextFile(`.github/workflows/${name}.yml`, WORKFLOWS[name]!)).filter(
      ({ rule }) => rule === 'workflow.script-injection',
    )
    expect(ours.length).toBeGreaterThanOrEqual(rows('template-injection'))
  }
})
