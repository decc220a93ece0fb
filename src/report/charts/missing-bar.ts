import { percent } from '../../core/counts.ts'
import { draw } from './draw.ts'

const WIDTH = 60
const HEIGHT = 10

/**
 * How much of a column is missing, as a bar from 0 to 1, with a mark where the share in the reference is.
 *
 * @param missing a share; so is `reference`
 */
export function missingBar(missing: number, reference: number | undefined, name: string): Promise<string> {
  const rect = (mark: string, share: number) => ({
    type: 'rect' as const,
    name: mark,
    encode: { enter: { x: { value: 0 }, y: { value: 2 }, width: { value: width(share) }, height: { value: HEIGHT - 4 } } },
  })
  const at = Math.round((reference ?? 0) * WIDTH)
  const rule = {
    type: 'rule' as const,
    name: 'reference',
    encode: { enter: { x: { value: at }, x2: { value: at }, y: { value: 0 }, y2: { value: HEIGHT } } },
  }
  const marks = [rect('ground', 1), rect('missing', missing), ...(reference === undefined ? [] : [rule])]
  const beside = reference === undefined ? '' : `, ${percent(reference)} in the reference`
  return draw({ width: WIDTH, height: HEIGHT, marks }, `${name}: ${percent(missing)} missing${beside}`)
}

/** Whatever is missing at all is seen. */
const width = (share: number): number => (share === 0 ? 0 : Math.max(1, Math.round(share * WIDTH)))
