import type { Format } from '../../format.ts'
import { isText } from '../plain-text.ts'
import { decodeText } from '../json/decode-text.ts'
import type { ByteSource } from '../../source.ts'
import type { Part } from '../../examination.ts'
import { isInArchiveOfAnything } from '../archive-of-anything.ts'
import { reportProgram } from '../program-at-strict.ts'
import { quote } from '../quote.ts'

const LONGEST = 16 * 2 ** 20
/** Libraries of operators that PyTorch and torchvision bring. */
const KNOWN =
  /^(aten|prim|prims|quantized|quantized_decomposed|_quantized|torchvision|torchaudio|inductor|sparse|mkldnn|mkldnn_prepacked|onednn|xnnpack|prepacked|metal_prepack|vulkan_prepack|static_runtime|_caffe2|profiler|rngprims|fb|internal|nnapi|torch_sparse|torch_scatter|torch_cluster|torch_spline_conv|torchtext|tensorrt|neuron|ipex|torch_ipex|cuda|_c10d_functional|c10d|fbgemm)$/
/** Operators that read and write files. */
const FILES = /\b(?:torch|ops\.aten)\.(from_file|save|load|_save|_load_for_mobile)\(/g

/** Programs of TorchScript: not Python, but a language of its own, which can call operators and nothing else. */
export const torchScript: Format = {
  name: 'torchscript',
  title: 'TorchScript (PyTorch)',
  evidence: 'text',
  depth: 'examined',
  looksFor: 'operators that read and write files, and operators of other libraries',
  recognises: (source, part) => isTorchScript(part) && isText(source),
  examine: examineTorchScript,
}

/** Code of a module in a PyTorch archive. In an archive of anything, a folder with the name `code` is likely one of Python. */
export const isTorchScript = (part: Part): boolean =>
  (isInArchiveOfAnything(part)
    ? /!(?:[^!/]+\/)?code\/__torch__(?:\/[^!]*)?[^!/]*\.py$/i
    : /!(?:[^!/]+\/)?code\/(?:[^!]*\/)?[^!/]+\.py$/i
  ).test(part.name)

function examineTorchScript(source: ByteSource, part: Part): void {
  reportProgram(part, 'TorchScript is a program')
  const report = (rule: 'torchscript.files' | 'torchscript.library' | 'torchscript.unread', message: string, offset: number) =>
    part.examination.report(rule, { message, part, offset })
  if (source.size > LONGEST) return report('torchscript.unread', `Not examined: a program of ${source.size} bytes`, 0)
  const code = withoutTexts(decodeText(source))
  for (const found of code.matchAll(FILES))
    report('torchscript.files', `The program calls ${quote(found[0].slice(0, -1))}, which reads or writes files`, found.index)
  const libraries = new Set<string>()
  for (const found of code.matchAll(/\bops\.(\w{1,100})\.(\w{1,100})/g)) {
    const library = found[1]!
    if (KNOWN.test(library) || libraries.has(library)) continue
    libraries.add(library)
    report('torchscript.library', `The program calls ${quote(found[0])}, an operator of another library`, found.index)
  }
  const python = /^\s{0,200}(?:import (?!__torch__\b)|from \w{1,100} import |exec\(|eval\(|__import__\()/m.exec(code)
  if (python)
    report('torchscript.library', `The program has ${quote(python[0].trim())}, which TorchScript never writes`, python.index)
}

/** Texts and comments as spaces. */
const withoutTexts = (code: string): string =>
  code.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*/g, (text) => ' '.repeat(text.length))
