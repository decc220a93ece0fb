import type { Format } from '../format.ts'
import { onnx } from './onnx.ts'
import { safetensors } from './safetensors.ts'
import { text } from './text.ts'
import { ubjson } from './ubjson.ts'

/** Formats of models and of what lies beside them. */
export const FORMATS: readonly Format[] = [safetensors, onnx, ubjson, text]
