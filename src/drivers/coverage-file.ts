import { messageOf, UserError } from '../core/errors.ts'
import { parseXml, readBounded } from './xml-file.ts'

const MOST_BYTES = 256 << 20

/** How much of one kind of thing the tests have reached. */
export interface Covered {
  readonly of: 'lines' | 'branches' | 'functions' | 'statements'
  readonly covered: number
  readonly total: number
}

/**
 * The totals of a coverage file: Istanbul's coverage-summary.json (Jest, Vitest, c8), lcov, or Cobertura XML (coverage.py, go).
 *
 * @throws UserError E_FILE_FORMAT
 */
export async function readCoverage(path: string, display: string): Promise<Covered[]> {
  const text = (await readBounded(path, display, MOST_BYTES)).trimStart()
  const covered = text.startsWith('{')
    ? fromIstanbul(text, display)
    : text.startsWith('<')
      ? fromCobertura(text, display)
      : fromLcov(text)
  if (covered.length > 0) return covered
  throw new UserError('E_FILE_FORMAT', `${display} holds no coverage totals.`, {
    hint: "Known are Istanbul's coverage-summary.json, lcov and Cobertura XML.",
  })
}

function fromIstanbul(text: string, display: string): Covered[] {
  let total: Record<string, { covered?: unknown; total?: unknown } | undefined> | undefined
  try {
    total = (JSON.parse(text) as { total?: typeof total }).total
  } catch (error) {
    throw new UserError('E_FILE_FORMAT', `${display} is not JSON: ${messageOf(error)}`, { cause: error })
  }
  return (['lines', 'branches', 'functions', 'statements'] as const).flatMap((of) => {
    const { covered, total: all } = total?.[of] ?? {}
    return typeof covered === 'number' && typeof all === 'number' ? [{ of, covered, total: all }] : []
  })
}

/** geninfo(1): LF and LH are the lines found and hit of one file, BRF and BRH its branches, FNF and FNH its functions. */
function fromLcov(text: string): Covered[] {
  const sums: Record<string, number> = {}
  for (const [, key, value] of text.matchAll(/^(LF|LH|BRF|BRH|FNF|FNH):(\d+)\s*$/gm))
    sums[key!] = (sums[key!] ?? 0) + Number(value)
  const pairs = [
    ['lines', 'LH', 'LF'],
    ['branches', 'BRH', 'BRF'],
    ['functions', 'FNH', 'FNF'],
  ] as const
  return pairs.flatMap(([of, hit, found]) =>
    sums[found] === undefined ? [] : [{ of, covered: sums[hit] ?? 0, total: sums[found] }],
  )
}

function fromCobertura(text: string, display: string): Covered[] {
  const root = parseXml(text, display)['coverage'] as Record<string, unknown> | undefined
  const number = (name: string) => Number((root?.[`@${name}`] as string | undefined) ?? Number.NaN)
  const pairs = [
    ['lines', 'lines-covered', 'lines-valid'],
    ['branches', 'branches-covered', 'branches-valid'],
  ] as const
  return pairs.flatMap(([of, covered, valid]) =>
    Number.isFinite(number(covered)) && Number.isFinite(number(valid))
      ? [{ of, covered: number(covered), total: number(valid) }]
      : [],
  )
}
