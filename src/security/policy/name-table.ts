/**
 * Names by module, from text with one module a line: `sklearn.svm._classes: SVC SVR`. A line that is indented continues the one
 * before. Long lists are easier to read, and to compare with the library, in this form than as arrays.
 */
export function nameTable(text: string): Readonly<Record<string, readonly string[]>> {
  const table: Record<string, string[]> = {}
  let names: string[] = []
  for (const line of text.split('\n')) {
    const [, module, rest] = /^(\S+): *(.*)$/.exec(line) ?? [undefined, undefined, line]
    if (module !== undefined) names = table[module] ??= []
    names.push(...words(rest ?? ''))
  }
  return table
}

/** The words of a text. */
export const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '')
