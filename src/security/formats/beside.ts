import type { Part } from '../examination.ts'

/** Whether the file that a model names, relative to its own folder, is scanned together with it. */
export function isScannedToo(path: string, part: Part): boolean {
  const folder = part.name.slice(0, Math.max(part.name.lastIndexOf('/'), part.name.lastIndexOf('\\')) + 1)
  const steps: string[] = []
  for (const step of `${folder}${path}`.split(/[\\/]/)) if (step !== '.' && step !== '') steps.push(step)
  // Neighbours are named from the scanned folder, and the part as it is shown: some of its first folders may be missing.
  for (let from = 0; from < steps.length; from++) if (part.examination.neighbours.has(steps.slice(from).join('/'))) return true
  return false
}
