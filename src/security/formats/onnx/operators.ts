import { leadsOutside } from '../outside-path.ts'
import { textOf, type WireField } from '../protobuf/wire.ts'
import { quote } from '../quote.ts'
import { nested, type OnnxWalk } from './message.ts'

/** Operator sets that ONNX Runtime and the exporters of ONNX have without a library of the model's own. */
const KNOWN_DOMAINS = new Set([
  '', 'ai.onnx', 'ai.onnx.ml', 'ai.onnx.training', 'ai.onnx.preview', 'ai.onnx.preview.training', 'com.microsoft', 'com.microsoft.nchwc', 'com.microsoft.experimental', 'com.microsoft.dml', 'com.ms.internal.nhwc', 'org.pytorch.aten', 'com.microsoft.qnn', 'com.nvidia.trt', 'trt.plugins', 'org.openvinotoolkit',
]) // prettier-ignore
/** Operators that call a Python function by its name. */
const PYTHON = /^(PyOp|PythonOp|PythonOpGrad|PyCustomOp\w*|ATenOpPython|TorchScriptFunction)$/

/** An `OperatorSetIdProto`. */
export function examineOperatorSet(field: WireField, walk: OnnxWalk): void {
  for (const each of nested(walk, field)) {
    if (each.field !== 1) continue
    const domain = textOf(walk.source, each, 1000)
    // Exporters name the set of their own functions, also where none is left after optimisation.
    if (domain.startsWith('pkg.')) continue
    checkDomain(domain, `imports the operator set`, each.start, walk)
  }
}

/** A `NodeProto`: its operator by name and domain. */
export function examineOperator(node: WireField, walk: OnnxWalk): void {
  let operator = ''
  let domain = ''
  for (const field of nested(walk, node)) {
    if (field.field === 4) operator = textOf(walk.source, field, 1000)
    if (field.field === 7) domain = textOf(walk.source, field, 1000)
  }
  if (PYTHON.test(operator) && domain !== '' && !walk.ownDomains.has(domain))
    return walk.report(
      'onnx.python-operator',
      node.start,
      `The operator ${quote(operator)} of ${quote(domain)} calls a Python function`,
    )
  if (operator === 'EPContext') examineContext(node, walk)
  checkDomain(domain, `has the operator ${quote(operator)} of`, node.start, walk)
}

function checkDomain(domain: string, what: string, offset: number, walk: OnnxWalk): void {
  if (KNOWN_DOMAINS.has(domain) || walk.ownDomains.has(domain)) return
  walk.report('onnx.custom-operator', offset, `The model ${what} ${quote(domain)}, which needs a library of its own`)
}

/** `EPContext` carries, or names in `ep_cache_context`, what a compiler has made of the model. */
function examineContext(node: WireField, walk: OnnxWalk): void {
  for (const attribute of nested(walk, node)) {
    if (attribute.field !== 5) continue
    const fields = [...nested(walk, attribute)]
    const name = fields.find(({ field }) => field === 1)
    const value = fields.find(({ field }) => field === 4)
    if (!name || !value || textOf(walk.source, name, 100) !== 'ep_cache_context' || value.end - value.start > 4096) continue
    const path = textOf(walk.source, value)
    const why = leadsOutside(path)
    if (why !== undefined && /^[\x20-\x7e]+$/.test(path))
      walk.report('onnx.external-path', value.start, `The model loads compiled code from ${quote(path)}, which ${why}`)
  }
}
