import { expect, test } from 'vitest'
import { TextFile } from '../text-file.ts'
import { workflowFindings } from './checks.ts'

const PINNED = `actions/checkout@${'a1'.repeat(20)}`

/** `rule severity line:column` of what is found in a workflow. */
const found = (text: string, path = '.github/workflows/a.yml'): string[] =>
  workflowFindings(new TextFile(path, text)).map(
    ({ rule, severity, line, column }) => `${rule.replace('workflow.', '')}${severity ? ` ${severity}` : ''} ${line}:${column}`,
  )

/** The same of a job that is otherwise without fault. */
const inJob = (job: string, { on = 'push', top = '' } = {}): string[] =>
  found(`on: ${on}\npermissions: {}\n${top}jobs:\n  one:\n    runs-on: ubuntu-latest\n${job.replaceAll(/^/gm, '    ')}\n`)

const inSteps = (steps: string, options?: { on?: string; top?: string }): string[] =>
  inJob(`steps:\n${steps.replaceAll(/^/gm, '  ')}`, options).map((finding) => finding.replace(/ \d+:\d+$/, ''))

test('a hardened workflow has no findings', () => {
  expect(
    inSteps(`- uses: ${PINNED} # v7.0.1
  with: { persist-credentials: false }
- uses: ./.github/actions/build
- uses: docker://alpine:3@sha256:${'0'.repeat(64)}
- env: { TITLE: '\${{ github.event.pull_request.title }}' }
  run: |
    echo "$TITLE" "\${{ github.sha }}" \${{ github.event.number }} \${{ secrets.TOKEN }}
    npm ci && pip install --require-hashes -r requirements.txt
    curl -fsSLo install.sh https://a.example/install.sh && echo "x  install.sh" | sha256sum --check && sh install.sh`),
  ).toEqual([])
})

test.each([
  ['a tag', 'actions/checkout@v4'],
  ['a branch', 'owner/action/folder@main'],
  ['a short commit', 'owner/action@a1b2c3d'],
  ['no version', 'owner/action'],
])('%s is not a pin', (_, uses) => {
  expect(inJob(`steps:\n  - uses: ${uses}\n    with: { persist-credentials: false }`)).toEqual([`unpinned-action 7:15`])
})

test('called workflows and images are pinned too', () => {
  expect(inJob('uses: other/repo/.github/workflows/deploy.yml@v1')).toEqual(['unpinned-action 6:11'])
  expect(inJob('container: node:22\nservices:\n  db: { image: "postgres:16" }')).toEqual([
    'unpinned-image 6:16',
    'unpinned-image 8:20',
  ])
  expect(inJob('container:\n  image: ghcr.io/a/b:1\n  credentials: { username: me, password: abc }')).toEqual([
    'unpinned-image 7:14',
    'static-credentials 8:46',
  ])
  expect(inJob('container: ${{ matrix.image }}\nservices: {}')).toEqual([])
})

test('permissions: none stated, everything, and writes for every job', () => {
  const jobs = (...names: string[]) => `jobs:\n${names.map((name) => `  ${name}:\n    runs-on: x\n    steps: []\n`).join('')}`
  expect(found(`on: push\n${jobs('a', 'b')}`)).toEqual(['permissions medium 3:3', 'permissions medium 6:3'])
  expect(found(`on: workflow_call\n${jobs('a')}`)).toEqual([])
  expect(found(`on: push\npermissions: write-all\n${jobs('a')}`)).toEqual(['permissions high 2:14'])
  expect(found(`on: push\npermissions: read-all\n${jobs('a')}`)).toEqual(['permissions low 2:14'])
  expect(found(`on: push\npermissions: { contents: write }\n${jobs('a', 'b')}`)).toEqual(['permissions medium 2:16'])
  expect(found(`on: push\npermissions: { contents: write }\n${jobs('a')}`)).toEqual([])
})

test('the place of an injection is that of the expression, also in a block', () => {
  expect(inJob('steps:\n  - run: |\n      echo a\n      echo "${{ github.head_ref }}"')).toEqual(['script-injection high 9:17'])
})

test.each([
  ['github.event.issue.title', 'high'],
  ["github['event']['comment'].body", 'high'],
  ['GITHUB.HEAD_REF', 'high'],
  ['github.event.commits[0].message', 'high'],
  ['github.event.pages.*.page_name', 'high'],
  ["format('{0}', github.head_ref)", 'high'],
  ["github.event.issue.title || 'none'", 'high'],
  ["github.event_name == 'push' && github.head_ref || 'main'", 'high'],
  ['toJSON(github.event)', 'high'],
  ['inputs.name', 'high'],
  ['github.ref_name', 'medium'],
  ['env.TITLE', 'high'],
  ['env.INDIRECT', 'high'],
  ['env.FIXED', undefined],
  ['inputs.flag', undefined],
  ['inputs.pick', undefined],
  ["contains(github.event.comment.body, '/run')", undefined],
  ["github.event.issue.title == 'x' && 'a' || 'b'", undefined],
  ['github.event.pull_request.number', undefined],
  ['github.event.pull_request.head.sha', undefined],
  ['github.repository', undefined],
  ["hashFiles('**/*.lock')", undefined],
  ['steps.changed.outputs.all_changed_files', 'high'],
  ['steps.title.outputs.text', 'medium'],
  ['steps.plain.outputs.text', undefined],
] as const)('%s in a script: %s', (expression, severity) => {
  const text = `on:
  workflow_dispatch:
    inputs:
      name: { type: string }
      flag: { type: boolean }
      pick: { type: choice, options: [a, b] }
permissions: {}
env:
  TITLE: \${{ github.event.issue.title }}
  INDIRECT: \${{ env.TITLE }}
  FIXED: main
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - { id: changed, uses: tj-actions/changed-files@${'b'.repeat(40)} }
      - id: title
        run: echo "text=$T" >> $GITHUB_STEP_SUMMARY
        env: { T: "\${{ github.event.issue.title }}" }
      - { id: plain, run: echo ok }
      - run: echo \${{ ${expression} }}
`
  expect(found(text)).toEqual(severity === undefined ? [] : [`script-injection ${severity} 21:19`])
})

test('scripts that are inputs of an action, and composite actions', () => {
  expect(
    inSteps(`- uses: actions/github-script@${'c'.repeat(40)}\n  with: { script: "log('\${{ github.event.issue.body }}')" }`),
  ).toEqual(['script-injection high'])
  expect(inSteps(`- uses: owner/action@${'c'.repeat(40)}\n  with: { title: "\${{ github.event.issue.body }}" }`)).toEqual([])
  const action =
    'name: x\ninputs: { who: {} }\nruns:\n  using: composite\n  steps:\n    - { run: "echo ${{ inputs.who }}", shell: bash }\n'
  expect(found(action, 'actions/greet/action.yml')).toEqual(['script-injection high 6:20'])
})

test('text from outside in files that set variables', () => {
  const step = (target: string, value = '$TITLE') =>
    `- env: { TITLE: "\${{ github.event.issue.title }}" }\n  run: echo "T=${value}" >> "$GITHUB_${target}"`
  expect(inSteps(step('ENV'), { on: 'issues' })).toEqual(['environment-file medium'])
  expect(inSteps(step('ENV'), { on: 'issue_comment' })).toEqual(['environment-file high', 'dangerous-trigger'])
  expect(inSteps(step('OUTPUT', '${TITLE}'), { on: 'issues' })).toEqual(['environment-file medium'])
  expect(inSteps(step('ENV', 'fixed'), { on: 'issues' })).toEqual([])
})

test('the code of a request in a workflow with rights', () => {
  const checkout = `- uses: ${PINNED}\n  with: { persist-credentials: false, ref: "\${{ github.event.pull_request.head.sha }}" }`
  expect(inSteps(checkout, { on: 'pull_request_target' })).toEqual(['dangerous-trigger', 'untrusted-checkout'])
  expect(inSteps(checkout, { on: '{ workflow_run: { workflows: [a] } }' })).toEqual(['dangerous-trigger', 'untrusted-checkout'])
  expect(inSteps(checkout, { on: 'pull_request' })).toEqual([])
  expect(inSteps('- run: gh pr checkout $NUMBER', { on: '[issue_comment]' })).toEqual(['dangerous-trigger', 'untrusted-checkout'])
  expect(inSteps(`- uses: ${PINNED}\n  with: { persist-credentials: false }`, { on: 'pull_request_target' })).toEqual([
    'dangerous-trigger',
  ])
})

test('runners, secrets, environments, caches and credentials', () => {
  expect(inJob('steps: []', { on: 'pull_request' })).toEqual([])
  const own = (on: string) =>
    found(`on: ${on}\npermissions: {}\njobs:\n  one:\n    runs-on: [self-hosted, linux]\n    steps: []\n`)
  expect(own('pull_request')).toEqual(['self-hosted-runner 5:14'])
  expect(own('push')).toEqual([])
  expect(inJob('uses: ./.github/workflows/x.yml\nsecrets: inherit')).toEqual(['secrets-inherit low 7:14'])
  expect(inSteps('- run: echo "$ALL"\n  env: { ALL: "${{ toJSON(secrets) }}" }')).toEqual(['all-secrets'])
  expect(inSteps('- run: kubectl apply -f k8s.yaml')).toEqual(['environment'])
  expect(inJob('environment: production\nsteps:\n  - run: plimsoll deploy --environment production')).toEqual([])
  expect(inSteps(`- uses: actions/cache@${'d'.repeat(40)}\n- run: npm publish`)).toEqual(['release-cache'])
  expect(inSteps(`- { uses: "actions/setup-node@${'d'.repeat(40)}", with: { cache: npm } }\n- run: twine upload dist/*`)).toEqual(
    ['release-cache'],
  )
  expect(inSteps(`- uses: actions/cache@${'d'.repeat(40)}\n- run: npm test`)).toEqual([])
  expect(inSteps(`- uses: ${PINNED}\n- run: npm test`)).toEqual(['persisted-credentials low'])
  expect(inSteps(`- uses: ${PINNED}\n- run: git commit -am x && git push`)).toEqual([])
  expect(inSteps(`- uses: ${PINNED}\n- { uses: "actions/upload-artifact@${'e'.repeat(40)}", with: { path: . } }`)).toEqual([
    'persisted-credentials high',
  ])
})

test.each([
  ['curl -sSf https://sh.example/up | sh', 'script.download-to-shell'],
  ['wget -qO- https://x.example | sudo -E bash -', 'script.download-to-shell'],
  ['bash <(curl -s https://x.example)', 'script.download-to-shell'],
  ['iwr https://x.example | iex', 'script.download-to-shell'],
  ['curl "https://x.example/up?a=1&b=2" | sh', 'script.download-to-shell'],
  ['curl https://x.example/data.json | jq .', undefined],
  ['curl https://x.example/d | python3 -m json.tool', undefined],
  ['echo "curl | sh" # curl x | sh', undefined],
  ['npm install', 'script.unlocked-npm'],
  ['npm i -g typescript', 'script.unlocked-npm'],
  ['npm install -g typescript@5.4.2', undefined],
  ['npm ci', undefined],
  ['yarn install --frozen-lockfile', undefined],
  ['pip install torch numpy==1.26.4', 'script.unlocked-pip'],
  ['python -m pip install "scikit-learn>=1.2"', 'script.unlocked-pip'],
  ['pip install numpy==1.26.4', undefined],
  ['pip install -r requirements.txt', undefined],
  ['pip install -e .', undefined],
  ['pip install -c constraints.txt torch', undefined],
])('%s: %s', (command, rule) => {
  const steps = `- run: |\n    ${command}`
  expect(inSteps(steps)).toEqual(rule === undefined ? [] : [rule])
})

test('anchors, merge keys and aliases are followed; a finding stands where it is written', () => {
  const text = `on: push
permissions: {}
x-step: &step
  uses: actions/cache@v4
jobs:
  one:
    runs-on: a
    steps:
      - <<: *step
        name: one
      - *step
`
  expect(found(text)).toEqual(['unpinned-action 4:9'])
})

test('what cannot be read is a finding, never passed over', () => {
  expect(found('on: [push\njobs: {')).toEqual([expect.stringMatching(/^unreadable /) as string])
  expect(found('')).toEqual(['unreadable 1:1'])
  const laughs = Array.from(
    { length: 12 },
    (_, i) => `l${i}: &l${i} [${i === 0 ? 'x' : Array.from({ length: 10 }, () => `*l${i - 1}`).join(',')}]`,
  )
  expect(found(`${laughs.join('\n')}\non: push\n`)).toEqual(['unreadable 1:1'])
  expect(found(`a: ${'['.repeat(50_000)}`)).toEqual([expect.stringMatching(/^unreadable /) as string])
  expect(found('a: &a [*a]')).toEqual(['unreadable 1:1'])
  expect(found('x: '.padEnd(2 << 20, 'y'))).toEqual(['unreadable 1:1'])
})
