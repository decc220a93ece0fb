import type { Verdict } from '../core/verdict.ts'

/** One kind of finding: how bad it is, and what to do about it. */
export interface Rule {
  readonly title: string
  /** `fail`: the file is or hides something dangerous. `error`: a part of it could not be examined. `pass`: worth knowing. */
  readonly verdict: Extract<Verdict, 'fail' | 'error' | 'pass'>
  readonly severity: 'error' | 'warning' | 'note'
}

const dangerous = (title: string): Rule => ({ title, verdict: 'fail', severity: 'error' })
const suspicious = (title: string): Rule => ({ title, verdict: 'fail', severity: 'warning' })
const unexamined = (title: string): Rule => ({ title, verdict: 'error', severity: 'warning' })

/** Every finding that a scan can make, by its stable identifier. */
export const RULES = {
  'pickle.dangerous-call': dangerous('Loading calls a function that is known to do harm'),
  'pickle.dangerous-import': dangerous('Loading imports a name that is known to do harm'),
  'pickle.misused-call': dangerous('Loading calls an allowed function in a way that models do not need'),
  'pickle.unknown-call': suspicious('Loading calls a function that is on no allow-list'),
  'pickle.unknown-import': suspicious('Loading imports a name that is on no allow-list'),
  'pickle.computed-import': dangerous('Loading imports a name that is computed while loading'),
  'pickle.computed-call': dangerous('Loading calls something that is computed while loading'),
  'pickle.extension-code': dangerous('Loading imports a name through the extension registry'),
  'pickle.changed-class': dangerous('Loading changes a class or a function'),
  'pickle.persistent-id': suspicious('Loading asks for objects that are not in the file'),
  'pickle.frame': dangerous('Frames of the pickle disagree with its opcodes'),
  'pickle.anomaly': suspicious('The pickle has opcodes that no pickler writes'),
  'pickle.trailing-data': suspicious('Data follow the pickle'),
  'pickle.unread-array': unexamined('An array in the file cannot be stepped over'),
  'pickle.broken': unexamined('The pickle breaks off'),
  'container.disagrees': dangerous('Parts of the archive contradict each other'),
  'container.hidden-data': dangerous('The archive has bytes that its table of contents does not account for'),
  'container.unsafe-name': dangerous('A member of the archive has a name that leads out of the folder'),
  'container.encrypted': unexamined('A part of the archive is encrypted'),
  'container.damaged': unexamined('The archive is damaged'),
  'container.unopened': unexamined('The file is in a format that is recognised but not opened'),
  'onnx.external-path': dangerous('The ONNX model reads a file outside of its folder'),
  'onnx.external-data': unexamined('The ONNX model keeps weights in files beside it'),
  'onnx.custom-operator': suspicious('The ONNX model needs operators from a library of its own'),
  'numpy.header': suspicious('The NumPy header and the file disagree'),
  'safetensors.header': suspicious('The safetensors header and the file disagree'),
  'text.code': unexamined('A program in the model is not examined'),
  'format.disagrees': dangerous('The name of the file says another format than its content'),
  'format.unknown': unexamined('The format of the content is not known'),
  'scan.limit': unexamined('A bound of the scanner was hit'),
  'scan.changed': unexamined('The file changed while it was read'),
} as const satisfies Record<string, Rule>
export type RuleId = keyof typeof RULES

/** The verdict of a file with these findings: danger outweighs what could not be examined. */
export function verdictOf(rules: Iterable<RuleId>): 'pass' | 'fail' | 'error' {
  let verdict: 'pass' | 'error' = 'pass'
  for (const rule of rules) {
    if (RULES[rule].verdict === 'fail') return 'fail'
    if (RULES[rule].verdict === 'error') verdict = 'error'
  }
  return verdict
}
