/** `2,380` */
export const formatCount = (value: number): string => value.toLocaleString('en-US')

/** `1 row`, `2,380 rows`. */
export function count(value: number, thing: string): string {
  return `${formatCount(value)} ${thing}${value === 1 ? '' : 's'}`
}

/** A forecast of rows, upwards to two significant digits: it is no more exact than that. */
export function roundUpRows(rows: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(rows)) - 1)
  return Math.ceil(rows / step) * step
}

/** A share as people read it: `12.3 %`; never 0 % for some, nor 100 % for not all. */
export function percent(share: number): string {
  if (share === 0 || share === 1) return `${share * 100} %`
  if (share < 0.001) return '< 0.1 %'
  return share > 0.999 ? '> 99.9 %' : `${(share * 100).toFixed(1).replace(/\.0$/, '')} %`
}

/** The first eight, and how many more there are. */
export function listed(items: readonly string[]): string {
  return `${items.slice(0, 8).join(', ')}${items.length > 8 ? ` and ${items.length - 8} more` : ''}`
}
