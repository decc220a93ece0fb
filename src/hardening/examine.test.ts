import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { examineRepository, type HardeningOptions } from './examine.ts'
import { openRepository } from './repository.ts'
import { resultsOf } from './results.ts'
import { secretsInHistory } from './secrets/history.ts'

const folders: string[] = []
afterAll(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })))

const env = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CEILING_DIRECTORIES: tmpdir(),
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.com',
}
const git = (cwd: string, ...words: string[]) =>
  execFileSync('git', words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' })

function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'plimsoll-doctor-')))
  folders.push(folder)
  write(folder, files)
  return folder
}

function write(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
}

function repositoryWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = folderWith(files)
  git(folder, 'init', '--quiet', '--initial-branch=main')
  commit(folder)
  return folder
}

function commit(folder: string): void {
  git(folder, 'add', '--all')
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'x')
}

/** What is found, as `rule file:line`, but for what every bare repository lacks. */
async function found(folder: string, options: Partial<HardeningOptions> = {}): Promise<string[]> {
  const { findings } = await examineRepository(await openRepository(folder, env), { history: true, ...options })
  return findings
    .filter(({ rule }) => !rule.startsWith('repository.'))
    .map(
      ({ rule, file, line, severity }) =>
        `${rule} ${file}${line === undefined ? '' : `:${line}`}${severity ? ` ${severity}` : ''}`,
    )
}

/** A token that is put together here, so that this file has none in it. */
const token = (seed: string): string =>
  `glpat-${createHash('sha256').update(seed).digest('base64url').replaceAll(/[-_]/g, 'x').slice(0, 20)}`

test('a secret in a file is told by its kind and fingerprint alone; the same one in the history is not told again', async () => {
  const secret = token('one')
  const folder = repositoryWith({ 'src/config.py': `import os\nTOKEN = "${secret}"\n` })
  const repository = await openRepository(folder, env)
  const examined = await examineRepository(repository, { history: true })
  expect(examined.findings.filter(({ rule }) => rule.startsWith('secret.'))).toMatchObject([
    {
      rule: 'secret.in-file',
      file: 'src/config.py',
      line: 2,
      column: 10,
      message: expect.stringContaining('GitLab token glpat-…') as string,
    },
  ])
  expect(JSON.stringify([examined, resultsOf(examined, repository)])).not.toContain(secret.slice(6))
})

test('a secret that was taken out again, one of a branch, and one that a merge brought are in the history', async () => {
  const folder = repositoryWith({ 'a.env': `A=1\nTOKEN=${token('gone')}\n` })
  write(folder, { 'a.env': 'A=1\n' })
  commit(folder)
  git(folder, 'checkout', '--quiet', '-b', 'side')
  write(folder, { 'b file.txt': `x\n\n${token('branch')}\n` })
  commit(folder)
  git(folder, 'checkout', '--quiet', 'main')
  write(folder, { 'c.txt': 'main' })
  commit(folder)
  git(folder, 'merge', '--quiet', '--no-commit', 'side')
  write(folder, { 'c.txt': `main and ${token('merge')}` })
  commit(folder)
  write(folder, { 'c.txt': '', 'b file.txt': '' })
  commit(folder)
  expect((await found(folder)).toSorted()).toEqual([
    'secret.in-history a.env high',
    'secret.in-history b file.txt high',
    'secret.in-history c.txt high',
  ])
})

test('a history that is too long, or cut off, is never said to be clean', async () => {
  const folder = repositoryWith({ 'a.txt': 'a\n'.repeat(1000) })
  const repository = await openRepository(folder, env)
  const limits = { characters: 100, milliseconds: 60_000 }
  expect((await secretsInHistory(repository, new Set(), undefined, limits)).unfinished).toContain('more than 100 characters')
  const shallow = folderWith({})
  commit(folder)
  git(shallow, 'clone', '--quiet', '--depth', '1', `file://${folder}`, '.')
  const cut = await openRepository(shallow, env)
  const results = resultsOf(await examineRepository(cut, { history: true }), cut)
  expect(results.find(({ check }) => check === 'hardening.secret.in-history')).toMatchObject({
    verdict: 'skip',
    message: expect.stringContaining('shallow') as string,
  })
})

test('ignored files are not of the repository, and links are not followed', async () => {
  const folder = repositoryWith({ '.gitignore': '.env\n', '.env': token('ignored') })
  const outside = folderWith({ 'secret.txt': token('outside') })
  symlinkSync(join(outside, 'secret.txt'), join(folder, 'link.txt'))
  expect(await found(folder)).toEqual([])
  write(folder, { 'new.txt': token('new') })
  expect(await found(folder)).toEqual(['secret.in-file new.txt:1 high'])
})

test('the configuration of a repository starts no programs', async () => {
  const folder = repositoryWith({ 'a.txt': 'a', '.gitattributes': '* diff=evil\n' })
  const evil = `touch ${join(folder, 'ran')}; cat`
  for (const key of ['core.fsmonitor', 'diff.external', 'diff.evil.textconv', 'diff.evil.command', 'core.pager', 'pager.log'])
    git(folder, 'config', key, evil)
  await found(folder)
  expect((await openRepository(folder, env)).files).not.toContain('ran')
})

test('comments ignore a finding when they say why', async () => {
  const workflow = (comment: string) => `on: push\npermissions: {}\njobs:\n  a:\n    runs-on: x\n    steps:\n${comment}`
  const uses = '      - uses: owner/action@v1'
  const of = (comment: string) => found(folderWith({ '.github/workflows/a.yml': workflow(comment) }))
  expect(await of(uses)).toEqual(['workflow.unpinned-action .github/workflows/a.yml:7'])
  expect(await of(`${uses} # plimsoll: ignore[workflow.unpinned-action] our own, and frozen`)).toEqual([])
  expect(await of(`      # plimsoll: ignore[docker.root, workflow.unpinned-action] frozen\n${uses}`)).toEqual([])
  expect(await of(`${uses} # plimsoll: ignore[workflow.unpinned-action]`)).toEqual([
    'workflow.unpinned-action .github/workflows/a.yml:7',
    'doctor.ignore .github/workflows/a.yml:7',
  ])
  expect(await of(`${uses} # plimsoll: ignore[docker.root] frozen`)).toEqual([
    'workflow.unpinned-action .github/workflows/a.yml:7',
  ])
  // Behind another line it is not for the next one.
  expect(await of(`      - run: "true" # plimsoll: ignore[workflow.unpinned-action] frozen\n${uses}`)).toHaveLength(1)
})

test('.plimsoll-ignore is for what can have no comment', async () => {
  const formatsOf = () => Promise.resolve(['zip', 'torch', 'pickle'])
  const model = { 'models/a.pt': 'PK\u0003\u0004\u0000' }
  expect(await found(folderWith(model), { formatsOf })).toEqual(['model.pickle models/a.pt'])
  const reason = 'model.pickle models/a.pt the fixture of a test\n'
  expect(await found(folderWith({ ...model, '.plimsoll-ignore': `# why\n${reason}` }), { formatsOf })).toEqual([])
  expect(await found(folderWith({ ...model, '.plimsoll-ignore': 'model.pickle models/a.pt\n' }), { formatsOf })).toEqual([
    'model.pickle models/a.pt',
    'doctor.ignore .plimsoll-ignore:1',
  ])
})

test('files are asked for their content, not their name alone', async () => {
  const asked: string[] = []
  const folder = folderWith({
    'a.bin': '\u0000',
    'b.dat': '\u0000',
    'c.pkl': 'I1\n.',
    'd.py': 'x = 1',
    'lfs.txt': 'version https://git-lfs.github.com/spec/v1\n',
  })
  const formatsOf = (path: string) => {
    asked.push(path.slice(folder.length + 1))
    return Promise.resolve(path.endsWith('b.dat') || path.endsWith('c.pkl') ? ['pickle'] : [])
  }
  expect(await found(folder, { formatsOf })).toEqual(['model.pickle b.dat', 'model.pickle c.pkl'])
  expect(asked).toEqual(['a.bin', 'b.dat', 'c.pkl'])
})

test.each([
  ['requirements.txt', 'numpy==1.26.4\nscipy>=1.10\n', ['python.unpinned requirements.txt:2']],
  ['requirements.txt', '# none\n-r other.txt\n--index-url https://a.example\n', []],
  [
    'requirements.txt',
    `numpy==1.26.4 \\\n    --hash=sha256:${'a'.repeat(64)}\nfoo @ git+https://a.example/foo@${'b'.repeat(40)}\n`,
    [],
  ],
  ['requirements.txt', 'torch\n', ['python.unpinned requirements.txt:1']],
  ['requirements.txt', 'numpy==1.*\n', ['python.unpinned requirements.txt:1']],
  ['requirements/dev.txt', 'pytest==8.1.1; python_version > "3.8"\n', []],
  [
    'environment.yml',
    'dependencies:\n  - python=3.11\n  - numpy>=1.2\n  - pip:\n      - torch==2.2.0\n      - scipy\n',
    ['python.unpinned environment.yml:3'],
  ],
  ['conda.yaml', 'dependencies:\n- python=3.11.7\n- conda-forge::numpy=1.26.4=py311_0\n', []],
  ['Pipfile', '[packages]\ntorch = "*"\n', ['python.unpinned Pipfile:1']],
  ['pyproject.toml', '[project]\nname = "a"\ndependencies = [\n  "numpy>=1",\n]\n', ['python.unpinned pyproject.toml:1 low']],
  ['pyproject.toml', '[tool.ruff]\nline-length = 100\n', []],
])('%s: %j', async (path, text, expected) => {
  expect(await found(folderWith({ [path]: text }))).toEqual(expected)
})

test('a lockfile beside it is a pin', async () => {
  expect(await found(folderWith({ 'pyproject.toml': '[project]\ndependencies = ["a"]\n', 'uv.lock': '' }))).toEqual([])
  expect(await found(folderWith({ Pipfile: '[packages]\n', 'Pipfile.lock': '{}' }))).toEqual([])
})

test('Dockerfiles: base images, users and scripts', async () => {
  const digest = `@sha256:${'0'.repeat(64)}`
  const of = (text: string) => found(folderWith({ Dockerfile: text }))
  expect(
    await of(
      `FROM python:3.11${digest} AS build\nRUN pip install --require-hashes -r r.txt\nFROM build\nUSER 10001\nCMD ["a"]\n`,
    ),
  ).toEqual([])
  expect(await of('FROM python:3.11\nCMD ["a"]\n')).toEqual(['docker.unpinned-image Dockerfile:1', 'docker.root Dockerfile:2'])
  expect(await of(`ARG BASE=python:3.11\nFROM --platform=linux/amd64 \${BASE}\n`)).toEqual(['docker.unpinned-image Dockerfile:2'])
  expect(await of(`FROM scratch\nUSER root\nENTRYPOINT ["/a"]\n`)).toEqual(['docker.root Dockerfile:2'])
  expect(await of(`FROM gcr.io/distroless/base:nonroot${digest}\nCMD ["a"]\n`)).toEqual([])
  expect(await of(`FROM a${digest}\nRUN apt-get update && \\\n    curl -s https://x.example | bash\n`)).toEqual([
    'script.download-to-shell Dockerfile:3',
  ])
})

test('what a repository lacks, and what is there but does not do its work', async () => {
  const lacks = async (files: Record<string, string>) => {
    const { findings } = await examineRepository(await openRepository(folderWith(files), env), { history: false })
    return findings.map(({ rule, message }) => `${rule}: ${message}`)
  }
  const workflow = { '.github/workflows/a.yml': 'on: push\npermissions: {}\njobs: {}\n', 'SECURITY.md': 'x' }
  expect(await lacks({})).toEqual([
    expect.stringContaining('repository.updates'),
    expect.stringContaining('repository.security-policy'),
  ])
  expect(
    await lacks({ ...workflow, '.github/dependabot.yml': 'updates: [{ package-ecosystem: npm }]\n', CODEOWNERS: '/src/ @a\n' }),
  ).toEqual([
    'repository.updates: Dependabot does not update the actions of the workflows',
    'repository.owners: CODEOWNERS names nobody for .github/workflows/a.yml',
  ])
  expect(await lacks({ ...workflow, 'renovate.json': '{}', '.github/CODEOWNERS': '/.github/ @a\n' })).toEqual([])
})
