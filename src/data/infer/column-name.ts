/** `customerId` → customer, id. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}

const has = (words: readonly string[], ...any: readonly string[]): boolean => any.some((word) => words.includes(word))

export const isNamedLikeKey = (name: string): boolean => has(wordsOf(name), 'id', 'key', 'uuid', 'guid', 'identifier', 'nr')
export const isNamedLikeYear = (name: string): boolean => has(wordsOf(name), 'year', 'yr')
export const isNamedLikeAge = (name: string): boolean => has(wordsOf(name), 'age')
export const isNamedLikeShare = (name: string): boolean => has(wordsOf(name), 'share', 'fraction', 'probability', 'prob')

/** Words that alone stand for personal data or secrets. */
const PERSONAL = [
  'email',
  'mail',
  'phone',
  'telephone',
  'mobile',
  'fax',
  'ssn',
  'passport',
  'iban',
  'password',
  'passwd',
  'secret',
  'token',
  'surname',
  'firstname',
  'lastname',
  'fullname',
  'forename',
  'address',
  'street',
  'birthdate',
  'birthday',
  'dob',
  'ip',
] as const
const PERSONS = [
  'first',
  'last',
  'full',
  'family',
  'given',
  'middle',
  'customer',
  'person',
  'patient',
  'user',
  'client',
  'applicant',
] as const

/** The name says that the column holds what identifies a person, or a secret. */
export function isNamedLikePersonal(name: string): boolean {
  const words = wordsOf(name)
  if (has(words, ...PERSONAL)) return true
  if (has(words, 'name')) return words.length === 1 || has(words, ...PERSONS)
  return (has(words, 'card') && has(words, 'number', 'credit', 'no')) || (has(words, 'birth') && has(words, 'date', 'day'))
}
