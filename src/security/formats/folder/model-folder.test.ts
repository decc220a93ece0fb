import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { zip } from '../../../../test/fixtures/zip-builder.ts'
import { scanBytes, scanPath } from '../../scan.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-model-folder-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Rules by file, of files that have findings. */
async function found(files: Readonly<Record<string, string>>): Promise<Record<string, string[]>> {
  for (const [place, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, place)), { recursive: true })
    writeFileSync(join(folder, place), content)
  }
  const scans = await scanPath(folder, { display: (path) => path.slice(folder.length + 1) })
  return Object.fromEntries(
    scans.flatMap(({ path, verdict, findings }) =>
      findings.length === 0 ? [] : [[path, [verdict, ...new Set(findings.map(({ rule }) => rule ?? ''))]]],
    ),
  )
}

const MLMODEL = 'flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n'

test.each([
  'git+https://example.com/x.git',
  'mine @ https://example.com/mine.zip',
  'mine[extra] @ git+ssh://git@example.com/mine',
  'https://example.com/mine.tar.gz',
  '--extra-index-url https://example.com/simple',
  '--index-url=https://example.com/simple',
  '-i https://example.com/simple',
  '-f https://example.com/wheels.html',
  '--trusted-host example.com',
  '-e .',
  '-e git+https://example.com/x.git',
  './mine',
  '/opt/mine.whl',
  'file:///opt/mine.whl',
  'missing.whl',
  '-r https://example.com/requirements.txt',
])('in the list of packages of a model, %j is suspicious; elsewhere it is a note', async (line) => {
  const conda = `dependencies:\n- python=3.11\n- pip:\n  - mlflow==2.1\n  - "${line}"\n`
  const list = `mlflow==2.1\n${line}\n`
  const isSuspicious = ['fail', 'folder.package-source']
  expect(
    await found({
      'm/MLmodel': MLMODEL,
      'm/requirements.txt': list,
      'm/conda.yaml': conda,
      'other/requirements.txt': list,
      'other/a.pkl': '(dp0\n.',
    }),
  ).toEqual({
    'm/requirements.txt': isSuspicious,
    'm/conda.yaml': isSuspicious,
    'other/requirements.txt': ['pass', 'folder.package-source-alone'],
  })
})

test('names with versions, comments, known indexes and wheels that are scanned too pass', async () => {
  const list = `# git+https://example.com/x.git
--extra-index-url https://download.pytorch.org/whl/cu121
-i https://pypi.org/simple
mlflow==2.1  # see https://mlflow.org
torch>=2,<3; python_version >= "3.9"
scikit-learn[all]~=1.5 --hash=sha256:abc
-r more.txt
wheels/mine-1.0-py3-none-any.whl
`
  const conda = `name: mlflow-env
channels:
- conda-forge
dependencies:
- python=3.11
- pip<=24
- pip:
  - numpy==1.26
`
  const files = {
    'requirements.txt': list,
    'conda.yaml': conda,
    'python_env.yaml': 'python: 3.11\ndependencies:\n- -r requirements.txt\n',
  }
  expect(
    await found({ MLmodel: MLMODEL, ...files, 'more.txt': 'x\n', 'wheels/mine-1.0-py3-none-any.whl': 'x' }),
  ).not.toHaveProperty('requirements.txt')
  expect(await found({})).not.toHaveProperty('conda.yaml')
  expect(await found({})).not.toHaveProperty('python_env.yaml')
})

test('programs beside a model are named, and those of a folder without a model are not', async () => {
  const code = 'import os\n'
  const notebook = '{"cells": []}'
  expect(
    await found({
      'm/config.json': '{}',
      'm/model.safetensors': '',
      'm/modeling_mine.py': code,
      'm/try.ipynb': notebook,
      'm/code/layers/mine.py': code,
      'src/train.py': code,
    }),
  ).toEqual({
    'm/model.safetensors': ['error', 'format.unknown'],
    'm/modeling_mine.py': ['pass', 'folder.code'],
    'm/try.ipynb': ['pass', 'folder.code'],
    'm/code/layers/mine.py': ['pass', 'folder.code'],
  })
})

test('a program in an archive of anything is a note; in the archive of a model it is not examined', async () => {
  const bytes = zip([
    { name: 'project/code/train.py', content: Buffer.from('import os\n') },
    { name: 'project/README.md', content: Buffer.from('# x\n') },
  ])
  const rules = async (name: string) => {
    const { verdict, findings } = await scanBytes(bytes, name)
    return [verdict, ...new Set(findings.map(({ rule }) => rule ?? ''))]
  }
  expect(await rules('project.zip')).toEqual(['pass', 'folder.code'])
  expect((await rules('model.pt'))[0]).not.toBe('pass')
  expect((await rules('model.mar'))[0]).not.toBe('pass')
})

test('a pickle beside safetensors of the same weights is a note', async () => {
  const header = '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  const weights = Buffer.concat([length, Buffer.from(header), Buffer.from([0])]).toString('latin1')
  const pickle = Buffer.from([0x80, 2, 0x7d, 0x2e]).toString('latin1')
  const names = ['model', 'adapter_model', 'model-00001-of-00002']
  for (const name of names) writeFileSync(join(folder, `${name}.safetensors`), Buffer.from(weights, 'latin1'))
  for (const name of ['pytorch_model', 'pytorch_model-00001-of-00002']) {
    writeFileSync(join(folder, `${name}.bin`), Buffer.from(pickle, 'latin1'))
  }
  expect(await found({})).toEqual({
    'model.safetensors': ['pass', 'folder.pickle-beside'],
    'model-00001-of-00002.safetensors': ['pass', 'folder.pickle-beside'],
  })
})
