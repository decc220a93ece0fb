import type { ZipDirectory } from './zip-directory.ts'

/**
 * The root folder of a PyTorch archive: the one with a record `data.pkl`, which PyTorch looks up without regard to case; where there is
 * none, `constants.pkl` of TorchScript, or `archive_format` of `torch.export`.
 */
export function torchRoot(directory: ZipDirectory): string | undefined {
  for (const { name } of directory.entries) {
    const root = /^([^/]+)\/(?:data\.pkl|constants\.pkl|archive_format)$/i.exec(name)?.[1]
    if (root !== undefined) return root
  }
  return undefined
}

/** Raw numbers of a tensor: there is nothing in them that a loader would interpret. */
export function isTorchStorage(name: string, root: string | undefined): boolean {
  if (root === undefined || !name.startsWith(`${root}/`)) return false
  return /^(?:(?:data|constants|tensors|xl_model_weights)\/\d+|data\/(?:weights\/weight|constants\/tensor)_\d+)$/.test(
    name.slice(root.length + 1),
  )
}
