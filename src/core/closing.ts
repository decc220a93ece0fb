/** Does some work with what has to be closed, and closes it when the work has ended, however it did. */
export function closing<Resource extends { close(): void }, T>(resource: Resource, work: (resource: Resource) => T): T {
  let isPending = false
  try {
    const result = work(resource)
    if (!(result instanceof Promise)) return result
    isPending = true
    return result.finally(() => resource.close()) as T
  } finally {
    if (!isPending) resource.close()
  }
}
