import { join } from 'node:path'
import { statIfExists } from '../../../drivers/files.ts'
import type { PredictorOptions } from '../options.ts'

export interface Interpreter {
  readonly program: string
  /** Why it is this one, to be shown beside it: `from PLIMSOLL_PYTHON`. */
  readonly because: string
}

/**
 * The Python that models run in: the one that is named, that of `PLIMSOLL_PYTHON`, that of a virtual environment in the project's
 * folder unless another one is active, else the one on the path.
 */
export async function chooseInterpreter({
  python,
  env,
  cwd,
}: Pick<PredictorOptions, 'python' | 'env' | 'cwd'>): Promise<Interpreter> {
  if (python !== undefined) return { program: python, because: 'as --python says' }
  const named = env['PLIMSOLL_PYTHON']
  if (named) return { program: named, because: 'from PLIMSOLL_PYTHON' }
  const windows = process.platform === 'win32'
  if (!env['VIRTUAL_ENV'] && !env['CONDA_PREFIX']) {
    for (const folder of ['.venv', 'venv']) {
      const program = join(cwd, folder, windows ? 'Scripts/python.exe' : 'bin/python')
      if ((await statIfExists(program))?.isFile()) return { program, because: `the project’s ${folder}` }
    }
  }
  return { program: windows ? 'python' : 'python3', because: 'the one on the path' }
}
