import type { Part } from '../../examination.ts'
import { extensionOf } from '../../extensions.ts'

/** What loaders of folders look for, and what holds weights. */
const MARKERS = new Set(['MLmodel', 'saved_model.pb', 'modules.json', 'model_index.json', 'adapter_config.json', 'MANIFEST.json'])
const WEIGHTS =
  /^(safetensors|pt|pth|ckpt|pkl|pickle|joblib|dill|sav|h5|hdf5|keras|onnx|gguf|ggml|tflite|skops|nemo|mar|pmml|ubj|npz|model|bin|cbm|lgb)$/
/** Levels of folders below a model whose files belong to it: `code/mypackage/layers.py`. */
const MOST_LEVELS = 4

/**
 * A file by which the folder of a part, or one above it, shows that it is the folder of a model: a path among the files that are
 * scanned together. Undefined when nothing but the part is scanned, and for members of archives.
 */
export function modelBeside(part: Part): string | undefined {
  const { neighbours, place } = part.examination
  if (part.name.includes('!') || neighbours.size === 0) return undefined
  const models = modelsOf(neighbours)
  let folder = folderOf(place)
  for (let level = 0; level <= MOST_LEVELS; level++) {
    const model = models.get(folder)
    if (model !== undefined && model !== place) return model
    if (folder === '') return undefined
    folder = folderOf(folder.slice(0, -1))
  }
  return undefined
}

/** Whether a file lies in the folder of a model that a loader takes as a whole: of MLflow, Hugging Face, TensorFlow. */
export function isOfLoadedFolder(part: Part): boolean {
  const { neighbours, place } = part.examination
  if (part.name.includes('!')) return false
  const folder = folderOf(place)
  if ([...MARKERS].some((marker) => neighbours.has(folder + marker))) return true
  // Any program may have a config.json: of Hugging Face, it lies beside weights.
  return neighbours.has(`${folder}config.json`) && modelsOf(neighbours).has(folder)
}

/** The folder of a path, with its slash; empty for the scanned folder itself. */
const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)

/** One model of each folder. Asked for again by each file of a folder, so that it is kept as long as the list of its files. */
const kept = new WeakMap<ReadonlySet<string>, ReadonlyMap<string, string>>()

function modelsOf(neighbours: ReadonlySet<string>): ReadonlyMap<string, string> {
  const known = kept.get(neighbours)
  if (known) return known
  const models = new Map<string, string>()
  for (const path of neighbours) {
    const folder = folderOf(path)
    if (!models.has(folder) && (MARKERS.has(path.slice(folder.length)) || WEIGHTS.test(extensionOf(path))))
      models.set(folder, path)
  }
  kept.set(neighbours, models)
  return models
}
