import type { FileScan } from '../security/file-scan.ts'

/** What to do about a file that did not pass the security scan. */
export function scanHint({ verdict, findings }: Pick<FileScan, 'verdict' | 'findings'>): string {
  const rules = findings.map(({ rule }) => rule ?? '')
  if (rules.every((rule) => rule === 'onnx.external-data')) {
    return 'Save the model with its weights in one file, which may have up to 2 GiB: onnx.save(model, path, save_as_external_data=False).'
  }
  if (verdict === 'error') {
    return 'What was not examined cannot be trusted. Save the model as ONNX or safetensors, or unpacked, and scan it again.'
  }
  if (rules.every((rule) => rule.startsWith('pickle.unknown-'))) {
    return 'Nothing known to be dangerous, but loading runs code that no allow-list has. Export the model as ONNX or safetensors, or build it from library classes alone.'
  }
  return 'Do not load this file: loading it can run code. Find out who wrote it, and ask for the model as ONNX or safetensors, which hold no code.'
}
