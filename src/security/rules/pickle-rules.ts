import { dangerous, suspicious, unexamined, type Rule } from './rule.ts'

export const PICKLE_RULES = {
  'pickle.dangerous-call': dangerous('Loading calls a function that is known to do harm', { why: 'TODO', fix: 'TODO' }),
  'pickle.dangerous-import': dangerous('Loading imports a name that is known to do harm', { why: 'TODO', fix: 'TODO' }),
  'pickle.misused-call': dangerous('Loading calls an allowed function in a way that models do not need', {
    why: 'TODO',
    fix: 'TODO',
  }),
  'pickle.unknown-call': suspicious('Loading calls a function that is on no allow-list', { why: 'TODO', fix: 'TODO' }),
  'pickle.unknown-import': suspicious('Loading imports a name that is on no allow-list', { why: 'TODO', fix: 'TODO' }),
  'pickle.computed-import': dangerous('Loading imports a name that is computed while loading', { why: 'TODO', fix: 'TODO' }),
  'pickle.computed-call': dangerous('Loading calls something that is computed while loading', { why: 'TODO', fix: 'TODO' }),
  'pickle.extension-code': dangerous('Loading imports a name through the extension registry', { why: 'TODO', fix: 'TODO' }),
  'pickle.changed-class': dangerous('Loading changes a class or a function', { why: 'TODO', fix: 'TODO' }),
  'pickle.persistent-id': suspicious('Loading asks for objects that are not in the file', { why: 'TODO', fix: 'TODO' }),
  'pickle.frame': dangerous('Frames of the pickle disagree with its opcodes', { why: 'TODO', fix: 'TODO' }),
  'pickle.anomaly': suspicious('The pickle has opcodes that no pickler writes', { why: 'TODO', fix: 'TODO' }),
  'pickle.trailing-data': suspicious('Data follow the pickle', { why: 'TODO', fix: 'TODO' }),
  'pickle.unread-array': unexamined('An array in the file cannot be stepped over', { why: 'TODO', fix: 'TODO' }),
  'pickle.broken': unexamined('The pickle breaks off', { why: 'TODO', fix: 'TODO' }),
} as const satisfies Record<string, Rule>
