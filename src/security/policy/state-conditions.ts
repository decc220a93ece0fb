import type { StateCondition } from './judgement.ts'

/** What the state must look like that an object of an allowed class is given; see `NamedCondition`. */
export interface NamedStateCondition {
  readonly accepts: string
  readonly objectionTo: StateCondition
}

/** A name of a parameter, with a comma behind it. Source: SciPy `stats/_distn_infrastructure.py`, `parse_arg_template`. */
const PARAMETERS = String.raw`(?:[A-Za-z_]\w{0,40}, ){0,12}`
const IN = String.raw`(?:(?:, )?(?:loc=0, scale=1|loc=0))?`
const OUT = String.raw`(?:(?:, )?(?:loc, scale|loc, 1))?`
const PARSES_ARGUMENTS = new RegExp(
  String.raw`^\ndef _parse_args\(self, ${PARAMETERS} ?${IN}\):\n    return \(${PARAMETERS}\), ${OUT}\n` +
    String.raw`\ndef _parse_args_rvs\(self, ${PARAMETERS} ?${IN}, size=None\):\n    return self\._argcheck_rvs\(${PARAMETERS} ?${OUT}, size=size\)\n` +
    String.raw`\ndef _parse_args_stats\(self, ${PARAMETERS} ?${IN}, moments='mv'\):\n    return \(${PARAMETERS}\), ${OUT}, moments\n$`,
)
const LONGEST_FORMULA = 4096
/** Words, numbers and operators of a formula; no dots, quotes, brackets or dunders. */
const FORMULA = /^[\w\s~+\-*/:^|().,=]*$/
/** What a formula may call: categories, and functions that compute element by element. */
const FUNCTIONS = new Set(
  'C I Q bs cr cc te center scale standardize log exp sqrt np.log np.log1p np.log10 np.log2 np.exp np.expm1 np.sqrt np.abs np.sin np.cos np.power np.square np.tanh'.split(
    ' ',
  ),
)

export const STATE_CONDITIONS = {
  parsesArgumentsAsSciPyDoes: {
    accepts: 'the text that SciPy runs to make the methods of a distribution is the one that SciPy writes',
    objectionTo: (state) => {
      if (!state.isKnownDict) return 'SciPy runs a text of its state as Python, and the state is not known'
      if (!state.has('_parse_arg_template')) return undefined
      const template = state.text('_parse_arg_template')
      return template !== undefined && PARSES_ARGUMENTS.test(template)
        ? undefined
        : 'SciPy runs a text of its state, `_parse_arg_template`, as Python, and it is not the one that SciPy writes'
    },
  },

  restoresPlainFormula: {
    accepts: 'its formula, which statsmodels evaluates as Python, has only names, numbers, operators and functions on arrays',
    objectionTo: (state) => {
      if (!state.isKnownDict) return 'statsmodels may evaluate a text of its state as Python, and the state is not known'
      if (!state.has('restore_design_info') && !state.has('restore_model_spec')) return undefined
      const formula = state.text('formula')
      return formula !== undefined && isPlainFormula(formula)
        ? undefined
        : 'statsmodels evaluates its formula as Python, and the formula does more than combine columns'
    },
  },
} as const satisfies Record<string, NamedStateCondition>

export type StateConditionName = keyof typeof STATE_CONDITIONS

function isPlainFormula(formula: string): boolean {
  if (formula.length > LONGEST_FORMULA || !FORMULA.test(formula) || formula.includes('__')) return false
  // A dot stands in a number, or in a function that is known.
  for (const [word] of formula.matchAll(/[\w.]*\.[\w.]*/g)) if (!/^\d*\.\d*$/.test(word) && !FUNCTIONS.has(word)) return false
  for (const [, called] of formula.matchAll(/([\w.]+)\s*\(/g)) if (!FUNCTIONS.has(called!)) return false
  return !/\)\s*\(/.test(formula)
}
