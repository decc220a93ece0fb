import { dangerous, suspicious, unexamined, type Rule } from './rule.ts'

export const FORMAT_RULES = {
  'onnx.external-path': dangerous('The ONNX model reads a file outside of its folder', { why: 'TODO', fix: 'TODO' }),
  'onnx.external-data': unexamined('The ONNX model keeps weights in files beside it', { why: 'TODO', fix: 'TODO' }),
  'onnx.custom-operator': suspicious('The ONNX model needs operators from a library of its own', { why: 'TODO', fix: 'TODO' }),
  'safetensors.header': suspicious('The safetensors header and the file disagree', { why: 'TODO', fix: 'TODO' }),
  'text.code': unexamined('A program in the model is not examined', { why: 'TODO', fix: 'TODO' }),
} as const satisfies Record<string, Rule>
