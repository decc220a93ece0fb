/**
 * What is wrong with an answer to an infer request of `rows` rows, or null when nothing is. Under load a server must go on
 * predicting: fast answers with no predictions in them are failures.
 */
export function problemWith(status: number, body: string, rows: number): string | null {
  if (status !== 200) return `status ${status}`
  let answer: unknown
  try {
    answer = JSON.parse(body)
  } catch {
    return 'the answer is not JSON'
  }
  const outputs = (answer as { outputs?: unknown } | null)?.outputs
  if (!Array.isArray(outputs) || outputs.length === 0) return 'the answer has no outputs'
  for (const output of outputs as unknown[]) {
    const problem = problemWithTensor(output, rows)
    if (problem !== null) return problem
  }
  return null
}

function problemWithTensor(output: unknown, rows: number): string | null {
  const { name, shape, data } = (output ?? {}) as { name?: unknown; shape?: unknown; data?: unknown }
  if (typeof name !== 'string' || !Array.isArray(shape) || !Array.isArray(data)) return 'an output is not a tensor'
  if (shape[0] !== rows) return `output "${name}" has not one row per row asked`
  const flat = (data as unknown[]).flat(Infinity)
  if (flat.length !== (shape as number[]).reduce((product, size) => product * size, 1)) {
    return `output "${name}" has not as many elements as its shape says`
  }
  if (flat.some((element) => element === null || (typeof element === 'number' && !Number.isFinite(element)))) {
    return `output "${name}" has an element that is missing or not finite`
  }
  const isProbability = (element: unknown) => typeof element === 'number' && element >= -1e-6 && element <= 1 + 1e-6
  if (name === 'probabilities' && !flat.every(isProbability)) return 'a probability is not within 0 and 1'
  return null
}
