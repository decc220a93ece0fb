import { dangerous, note, suspicious, unexamined, type Rule } from './rule.ts'

const SAFER = 'Do not load the file. Ask for the weights as safetensors or ONNX, which hold data alone'
const REVIEW =
  'If the code is yours and you have read it, allow the exact name in scan-allow.yaml, with a reason and a date on which it ends'

export const PICKLE_RULES = {
  'pickle.dangerous-call': dangerous('Loading calls a function that is known to do harm', {
    why: 'A pickle is a program: loading it calls this function with these arguments, before anything of the model is used.',
    fix: `${SAFER}. Treat every machine that has loaded it as compromised.`,
  }),
  'pickle.dangerous-import': dangerous('Loading imports a name that is known to do harm', {
    why: 'The name gives whoever uses the loaded object a way to run programs, read files or reach the network. No model needs it.',
    fix: `${SAFER}.`,
  }),
  'pickle.misused-call': dangerous('Loading calls an allowed function in a way that models do not need', {
    why: 'The function restores models when it is called as frameworks call it. Called in this way it can look up or run anything.',
    fix: `${SAFER}. When a framework wrote the file, report the call, so that the allow-list can learn it.`,
  }),
  'pickle.unknown-call': suspicious('Loading calls a function that is on no allow-list', {
    why: 'What the function does while the model is loaded is not known. Allowed are the exact names that frameworks need.',
    fix: `${REVIEW}. Otherwise save the weights alone, as safetensors, ONNX or arrays.`,
  }),
  'pickle.unknown-import': suspicious('Loading imports a name that is on no allow-list', {
    why: 'Importing a module runs its code, and the name can be called later by whatever uses the model.',
    fix: `${REVIEW}. Otherwise save the weights alone, as safetensors, ONNX or arrays.`,
  }),
  'pickle.computed-import': dangerous('Loading imports a name that is computed while loading', {
    why: 'Picklers write the names that they import as they are. A name that is put together while loading is hidden from whoever looks at the file.',
    fix: `${SAFER}.`,
  }),
  'pickle.computed-call': dangerous('Loading calls something that is computed while loading', {
    why: 'What is called is the answer of another call, an attribute or an item, so it cannot be held against the allow-list.',
    fix: `${SAFER}.`,
  }),
  'pickle.extension-code': dangerous('Loading imports a name through the extension registry', {
    why: 'The number stands for a name that another part of the loading process has registered, which the file does not show.',
    fix: `${SAFER}, or write it again without extension codes.`,
  }),
  'pickle.changed-class': dangerous('Loading changes a class, a function or a module', {
    why: 'What is changed is not the model but the program that loads it: from then on it does something else, for every model.',
    fix: `${SAFER}.`,
  }),
  'pickle.special-attribute': dangerous('Loading sets an attribute that Python calls by itself', {
    why: 'An attribute such as `__setstate__` or `__class__` makes Python call what it is set to, later and without a call in the file.',
    fix: `${SAFER}.`,
  }),
  'pickle.kept-function': dangerous('A function that is allowed in certain calls alone is kept as a value', {
    why: 'The function restores models when it is called as frameworks call it. Kept in the model, it can be called later with anything.',
    fix: `${SAFER}.`,
  }),
  'pickle.outside-file': dangerous('Loading reads a file outside of the model', {
    why: 'Arrays of old joblib files lie in files beside the pickle, which are loaded by name. A path that leads elsewhere loads what was not scanned.',
    fix: 'Keep the arrays beside the pickle, or dump the model again with a joblib of this decade, which writes one file.',
  }),
  'pickle.outside-buffer': note('The pickle takes bytes from outside of itself', {
    why: 'Protocol 5 can keep the numbers of arrays apart from the pickle. They are bytes and no program, and they are not in this file.',
    fix: 'Nothing, when the program that loads it has the buffers. Otherwise write the model without out-of-band buffers.',
  }),
  'pickle.persistent-id': suspicious('Loading asks for objects that are not in the file', {
    why: 'The loader is asked for an object by a name of its own, as PyTorch does for storages. What it answers cannot be told from the file.',
    fix: 'Find out which program wrote the file, and save the model with its framework’s own function instead.',
  }),
  'pickle.tensor-bounds': suspicious('Tensors and their storages disagree', {
    why: 'A tensor that is larger than its storage lets the loader read or write memory that is not its own (CVE-2026-24747).',
    fix: 'Do not load it with PyTorch before 2.10. Save the model again from where it came from, as safetensors.',
  }),
  'pickle.frame': dangerous('Frames of the pickle disagree with its opcodes', {
    why: 'Loaders that read frames ahead and loaders that do not see different opcodes, so a scanner can be shown another program than the one that runs.',
    fix: `${SAFER}, or write the pickle again.`,
  }),
  'pickle.anomaly': suspicious('The pickle has opcodes that no pickler writes', {
    why: 'Loaders accept it, but it was written by hand or was damaged; such opcodes are used to make scanners stop early.',
    fix: 'Write the model again with its framework’s own function.',
  }),
  'pickle.trailing-data': suspicious('Data follow the pickle', {
    why: 'Loaders stop at the end of the pickle, so what follows is there for another reader, or was joined to it by mistake.',
    fix: 'Write the model again with its framework’s own function.',
  }),
  'pickle.import-at-strict': suspicious('A pickle imports a name, at the level strict', {
    why: 'At the level strict a model is data: a file that asks its loader to import code, even code that is allowed, is refused.',
    fix: 'Save the weights as safetensors, ONNX or arrays without objects, or scan at the level framework.',
  }),
  'pickle.unread-array': unexamined('An array in the file cannot be stepped over', {
    why: 'joblib writes arrays between the opcodes. Where the length of one cannot be told, what follows cannot be read as joblib reads it.',
    fix: 'Dump the model again with a current joblib and NumPy.',
  }),
  'pickle.broken': unexamined('The pickle breaks off', {
    why: 'A loader runs everything up to the break, and what would come after it is not known. Breaking a pickle on purpose hides it from scanners.',
    fix: 'Get the file again and compare its digest, or write the model again.',
  }),
} as const satisfies Record<string, Rule>
