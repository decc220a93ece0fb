import { PREDICATE_TYPES, type Statement } from './statement.ts'

/** What can be asked for of a model before it is used; each is answered by a signed statement. */
export const GATES = ['data-validation', 'model-tests', 'fairness', 'security-scan', 'provenance', 'signature'] as const
export type Gate = (typeof GATES)[number]
/** Gates whose statements are the results of tests. */
export type TestGate = 'data-validation' | 'model-tests' | 'fairness'

export const GATE_TITLES: Readonly<Record<Gate, string>> = {
  'data-validation': 'The data was validated',
  'model-tests': 'The model was tested',
  fairness: 'Fairness was checked',
  'security-scan': 'The model was scanned',
  provenance: 'It is known how the model was made',
  signature: 'The model is signed',
}

/** The gate that a statement answers; undefined for one that is about something else. */
export function gateOf({ predicateType, predicate }: Statement): Gate | undefined {
  if (predicateType === PREDICATE_TYPES.modelSignature) return 'signature'
  if (predicateType === PREDICATE_TYPES.provenance) return 'provenance'
  const { plimsoll_gate: gate } = (predicate ?? {}) as { plimsoll_gate?: unknown }
  if (predicateType === PREDICATE_TYPES.verificationResult) return gate === 'security-scan' ? gate : undefined
  if (predicateType !== PREDICATE_TYPES.testResult) return undefined
  return gate === 'data-validation' || gate === 'model-tests' || gate === 'fairness' ? gate : undefined
}
