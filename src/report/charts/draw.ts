import type { Spec } from 'vega'

/** A drawing without axes, titles or legends of its own, of a fixed size in pixels. */
export type Drawing = Pick<Spec, 'data' | 'scales' | 'marks'> & { readonly width: number; readonly height: number }

/**
 * Draws with Vega, on the server and without a script in the result: an SVG element that has its label as its name and title. Colours
 * are not in it: marks have classes (`current`, `reference`, `label`, …) that the page's style gives colours for light and dark.
 *
 * Vega is loaded with the first drawing. It is large, and most commands draw nothing.
 */
export async function draw(drawing: Drawing, label: string): Promise<string> {
  const vega = await import('vega')
  const view = new vega.View(vega.parse({ ...drawing, padding: 0, autosize: 'none' }), {
    renderer: 'none',
    logLevel: vega.Error,
  })
  try {
    const svg = await view.toSVG()
    return named(svg.replace(/<[^>]*>/g, bare), label)
  } finally {
    view.finalize()
  }
}

/** A tag without what a drawing inside a page does not need; text between tags is never touched, as Vega escapes `<` and `>` in it. */
function bare(tag: string): string {
  if (/^<path class="(background|foreground)"/.test(tag)) return ''
  return tag
    .replace(/ (xmlns(:\w+)?|version|role|aria-[a-z]+|pointer-events|font-family|stroke-miterlimit)="[^"]*"/g, '')
    .replace(/ (fill|stroke)="(?!none)[^"]*"/g, '')
}

function named(svg: string, label: string): string {
  const name = escapeXml(label)
  const open = `<svg class="chart" role="img" aria-label="${name}"`
  return svg.replace('<svg class="marks"', () => open).replace(/^<svg[^>]*>/, (tag) => `${tag}<title>${name}</title>`)
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeXml = (text: string): string => text.replace(/[&<>"]/g, (character) => ESCAPES[character]!)
