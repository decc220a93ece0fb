/**
 * How much a model may ask of its loader.
 *
 * - `strict`: data alone. A pickle that imports anything, even from the allow-list, is refused.
 * - `framework`: what the frameworks need to restore a model, by exact names and calls; the default.
 * - `audit`: the same findings, and nothing is refused: a file with findings gets a warning.
 */
export type Level = 'strict' | 'framework' | 'audit'
export const LEVELS: readonly [Level, ...Level[]] = ['strict', 'framework', 'audit']
