import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { packageRoot } from '../../src/drivers/self.ts'

function works(program: string, parameters: readonly string[]): boolean {
  try {
    execFileSync(program, parameters, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** An interpreter with scikit-learn, pandas and joblib: the one that is named, Debian's, or whatever is on the path. */
export const python = [process.env['PLIMSOLL_PYTHON'], '/usr/bin/python3', 'python3'].find(
  (candidate) => candidate !== undefined && works(candidate, ['-c', 'import sklearn, pandas, joblib']),
)

export const CHROMIUM = '/usr/bin/chromium'

/** The interpreter of the environment that `.ci/install-peers` makes for packages from PyPI. */
export const PYPI_PYTHON = process.env['PLIMSOLL_PYPI_PYTHON'] ?? join(packageRoot, 'node_modules/.cache/python-peers/bin/python')

/** An interpreter with PyTorch: the one that is named, the one with packages from PyPI, or Debian's. */
export const TORCH_PYTHON = [process.env['PLIMSOLL_TORCH_PYTHON'], PYPI_PYTHON, '/usr/bin/python3'].find(
  (candidate) => candidate !== undefined && works(candidate, ['-c', 'import torch']),
)

/** The cosign that is named, that `.ci/install-peers` has built, or the one on the path. */
export const COSIGN =
  [process.env['PLIMSOLL_COSIGN'], join(packageRoot, 'node_modules/.cache/go-peers/bin/cosign')].find(
    (candidate) => candidate !== undefined && works(candidate, ['version']),
  ) ?? 'cosign'

/** The checker of workflows, from PyPI. */
export const ZIZMOR = join(dirname(PYPI_PYTHON), 'zizmor')

/** The JSON Schema of SARIF, in a package of Microsoft's. */
export const SARIF_SCHEMA = join(packageRoot, 'node_modules/.cache/sarif-schema/package/lib/schemas/sarif-2.1.0-rtm.5.json')

/** What the interop tests measure Plimsoll against, by the Debian package, the one of PyPI or the Go module that brings it, and whether it is here. */
export const PEERS = {
  'python3-sklearn': python !== undefined,
  skopeo: works('skopeo', ['--version']),
  chromium: works(CHROMIUM, ['--version']),
  'redis-server': works('redis-server', ['--version']),
  postgresql: works('sh', ['-c', 'ls /usr/lib/postgresql/*/bin/initdb || command -v initdb']),
  pyarrow: works(PYPI_PYTHON, ['-c', 'import pyarrow']),
  moto: works(PYPI_PYTHON, ['-c', 'import moto.server']),
  'scikit-learn': works(PYPI_PYTHON, ['-c', 'import sklearn, pandas']),
  skl2onnx: works(PYPI_PYTHON, ['-c', 'import skl2onnx, onnxruntime']),
  'xgboost-cpu': works(PYPI_PYTHON, ['-c', 'import xgboost']),
  lightgbm: works(PYPI_PYTHON, ['-c', 'import lightgbm']),
  'mlflow-skinny': works(PYPI_PYTHON, ['-c', 'import mlflow']),
  skops: works(PYPI_PYTHON, ['-c', 'import skops']),
  'model-signing': works(PYPI_PYTHON, ['-c', 'import model_signing']),
  cosign: works(COSIGN, ['version']),
  zizmor: works(ZIZMOR, ['--version']),
  'python3-torch': TORCH_PYTHON !== undefined,
  catboost: works(PYPI_PYTHON, ['-c', 'import catboost']),
  'jest-sarif': existsSync(SARIF_SCHEMA),
} as const

/** For `test.skipIf` and `describe.skipIf`; the title of what is skipped names the peer. */
export const lacks = (peer: keyof typeof PEERS): boolean => !PEERS[peer]
