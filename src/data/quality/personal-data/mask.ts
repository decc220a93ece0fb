/** The form of a text without its content: letters are `*`, digits are `#`, a long text is cut. */
export function maskText(text: string): string {
  const shape = text.replaceAll(/\p{N}/gu, '#').replaceAll(/[^#\s.,:;@/+()_-]/gu, '*')
  return shape.length > 40 ? `${shape.slice(0, 40)}…` : shape
}
